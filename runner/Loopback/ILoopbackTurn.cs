namespace Freeway.Runner.Loopback;

/// <summary>A request that was understood, whatever it asks for.</summary>
public interface ILoopbackTurn
{
    string Model { get; }

    /// <summary>Where a script may be written.</summary>
    string ScriptText { get; }
}
