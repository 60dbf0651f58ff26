using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Audit;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>The days that were closed, newest first, and a way to close what is due now.</summary>
public sealed class ResetsView(IResetLog log, DayCloser closer, Filing filing)
{
    private const int Usual = 100;
    private const int Most = 1000;

    /// <param name="field">The value of <c>limit</c> or <c>cursor</c>; null or empty where it is not given.</param>
    /// <exception cref="IOException">The reset log is out of reach.</exception>
    public async Task<Decision<Page<ResetCard>>> ListAsync(Func<string, string?> field, CancellationToken cancellation)
    {
        var fields = new QueryFields(field);
        var (limit, before) = (fields.Number("limit", 1, Most) ?? Usual, fields.Day("cursor"));
        return fields.Refusal is { } wrong ? wrong : await PageAsync(limit, before, cancellation);
    }

    /// <summary>Runs the daily closing now, as the timer would, and answers with the days as they are then. A repeat closes nothing twice.</summary>
    /// <exception cref="IOException">The orgs, the reset log or the audit are out of reach.</exception>
    public async Task<Decision<Revised<Page<ResetCard>>>> RunAsync(Command command, CancellationToken cancellation)
    {
        var noted = await filing.NoteAsync(command, "books.reset", new Subject(SubjectKind.Books, "resets"), null, null, cancellation);
        if (!noted.Accepted(out var filed, out var refusal))
        {
            return refusal;
        }

        await closer.RunAsync(cancellation);
        return new Revised<Page<ResetCard>>(await PageAsync(Usual, null, cancellation), null) { IsReplay = filed.IsReplay };
    }

    private async Task<Page<ResetCard>> PageAsync(int limit, DateOnly? before, CancellationToken cancellation)
    {
        var days = await log.ListAsync(limit + 1, before, cancellation);
        var next = days.Count > limit ? days[limit - 1].Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        return new Page<ResetCard>([.. days.Take(limit).Select(ResetCard.Of)], next);
    }
}
