namespace Freeway.Gateway.ActivityLog;

/// <summary>What else is done once a day when the days are closed. Safe late, twice, half-way, and beside another instance.</summary>
public interface IClosingStep
{
    /// <exception cref="IOException">It could not be done; the next closing does it.</exception>
    Task RunAsync(CancellationToken cancellation);
}
