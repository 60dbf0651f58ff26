namespace Freeway.Adapters.Tables;

/// <summary>
/// Repeats "read, decide, write with the ETags that were read" until it goes through. Only for writes that may be
/// repeated whatever became of the try before, because each try reads anew and its ETags undo a try that lands late.
/// </summary>
public sealed class OptimisticWrite(Backoff backoff)
{
    /// <summary>Races that one write may lose before it gives up.</summary>
    public const int MostLost = 40;

    /// <summary>Tries without a certain answer before it gives up.</summary>
    public const int MostOutages = 4;

    /// <param name="purpose">What is being done, for the exception.</param>
    /// <exception cref="StorageUnavailableException">Storage is out of reach, or too many races were lost.</exception>
    public async Task<T> RunAsync<T>(string purpose, Func<Task<T>> attempt, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        for (var (lost, outages) = (0, 0); ;)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault))
            {
                switch (fault.Kind)
                {
                    case StorageFaultKind.Conflict or StorageFaultKind.Missing when lost < MostLost && !fault.TableIsMissing:
                        await backoff.AfterConflictAsync(++lost, cancellation).ConfigureAwait(false);
                        break;
                    case StorageFaultKind.Unknown when outages < MostOutages:
                        await backoff.AfterOutageAsync(++outages, cancellation).ConfigureAwait(false);
                        break;
                    default:
                        throw fault.Outage(purpose, error);
                }
            }
        }
    }
}
