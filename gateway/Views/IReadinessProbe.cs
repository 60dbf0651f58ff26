namespace Freeway.Gateway.Views;

/// <summary>Asks one thing that this instance cannot serve without.</summary>
public interface IReadinessProbe
{
    /// <summary>E.g. <c>table</c>.</summary>
    string Name { get; }

    /// <summary>Ends well when the thing answers; takes nothing and changes nothing.</summary>
    /// <exception cref="IOException">It does not; the message says why, without addresses or secrets.</exception>
    Task ProbeAsync(CancellationToken cancellation);
}
