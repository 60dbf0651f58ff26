namespace Freeway.Gateway.Api;

/// <summary>Asks one thing that this instance works with.</summary>
public interface IReadinessProbe
{
    /// <summary>Gets the name of the thing, e.g. <c>table</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Gets whether this instance can serve only with the thing. Without one that is not required it is degraded, and
    /// stays in rotation.
    /// </summary>
    bool IsRequired => true;

    /// <summary>
    /// Gets whether the process has seen signs of trouble itself; a thing that was well is then soon asked again.
    /// </summary>
    bool IsDoubtful => false;

    /// <summary>Ends well when the thing answers; takes nothing and changes nothing.</summary>
    /// <exception cref="IOException">It does not; the message says why, without addresses or secrets.</exception>
    Task ProbeAsync(CancellationToken cancellation);
}
