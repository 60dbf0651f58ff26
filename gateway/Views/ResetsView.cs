using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>The days that were closed, newest first, and a way to close what is due now.</summary>
public sealed class ResetsView(IResetLog log, DayCloser closer)
{
    private const int Most = 100;
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Decision<Page<ResetCard>>> ListAsync(CancellationToken cancellation)
    {
        try
        {
            return new Page<ResetCard>([.. (await log.ListAsync(Most, null, cancellation).ConfigureAwait(false)).Select(ResetCard.Of)]);
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(RetryAfterOutage);
        }
    }

    /// <summary>Runs the daily closing now, as the timer would, and answers with the days as they are then.</summary>
    public async Task<Decision<Page<ResetCard>>> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await closer.RunAsync(cancellation).ConfigureAwait(false);
            return await ListAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(RetryAfterOutage);
        }
    }
}
