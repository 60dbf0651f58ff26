namespace Freeway.Runner.Loopback;

/// <summary>What an answer says about the tokens it took.</summary>
public enum LoopbackUsage
{
    /// <summary>A token per word, in non-stream answers always, in streams where it is asked for.</summary>
    Reported,

    /// <summary>Nothing, asked or not.</summary>
    None,

    /// <summary>0 in every field.</summary>
    Zero,
}
