using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>
/// Replays a past day against another catalogue. Orgs come one after the other and records are read as they are needed:
/// memory holds one org's limits and a page of records, whatever the day was like. Nothing is written.
/// </summary>
public sealed class DaySimulator(
    IKeyStore keys, IDocumentStore documents, IActivityStore activity, IRefusalStore refusals, RequestLedger ledger, DayRecords records, LedgerOptions options, TimeProvider clock)
{
    private const int MostPages = 1000;

    /// <param name="version">The candidate's number; null where it has none.</param>
    /// <param name="against">The baseline's number.</param>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task<SimulationReport> RunAsync(SimulationRequest request, int? version, int against, CancellationToken cancellation)
    {
        var (before, after, unexplained, orgs, told) = (new SimulationSums(), new SimulationSums(), 0L, 0L, 0L);
        var (lines, refusedBy) = (new List<SimulationLine>(), new Dictionary<string, long>());
        await foreach (var org in keys.ListOrgsAsync(cancellation))
        {
            if (request.Orgs?.Contains(org.Id) is false)
            {
                continue;
            }

            var tally = new SimulationTally();
            unexplained += await ReplayAsync(org, request, tally, cancellation);
            var own = 0;
            foreach (var line in tally.Lines(org.Id))
            {
                own++;
                (before, after) = (before.Plus(line.Before), after.Plus(line.After));
                foreach (var (by, count) in line.RefusedBy)
                {
                    refusedBy[by] = refusedBy.GetValueOrDefault(by) + count;
                }

                if (++told <= SimulationReport.Most)
                {
                    lines.Add(line);
                }
            }

            orgs += own > 0 ? 1 : 0;
        }

        return new SimulationReport(request.Day, version, against, orgs, unexplained, before, after, refusedBy, lines, told > lines.Count);
    }

    private async Task<long> ReplayAsync(Org org, SimulationRequest request, SimulationTally tally, CancellationToken cancellation)
    {
        var begins = new DateTimeOffset(request.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var start = new DayStart(org.Id, request.Day, request.Baseline.Plans, ledger, activity, clock);
        var callers = new Dictionary<string, Caller>(StringComparer.Ordinal);
        var (baseline, candidate) = (Replay(request.Baseline, (_, _) => { }), Replay(request.Candidate, tally.After));
        var simulation = new OrgSimulation(baseline, candidate, tally);
        var refused = new Queue<RefusalCount>(request.IncludeRefused ? await RefusedAsync(org.Id, begins, cancellation) : []);
        var bought = new Queue<Purchase>(await start.PurchasesAsync(cancellation));
        var key = "";
        await foreach (var record in records.ReadAsync(org.Id, begins, begins.AddDays(1), cancellation))
        {
            if (record is { Cache: "hit" })
            {
                continue; // it took nothing, and would be answered from the cache again
            }

            key = record.Key;
            await UntilAsync(record.Time);
            await simulation.ReplayAsync(record, cancellation);
        }

        await UntilAsync(DateTimeOffset.MaxValue);
        simulation.Finish();
        return simulation.Unexplained;

        OrgReplay Replay(CatalogueSnapshot catalogue, Action<string, SimulationSums> settled) =>
            new(catalogue, CallerAsync, new SimulatedLedger(start.RowAsync, options), settled);

        async Task UntilAsync(DateTimeOffset time)
        {
            while (bought.TryPeek(out var purchase) && purchase.At <= time)
            {
                baseline.TopUp(bought.Peek());
                candidate.TopUp(bought.Dequeue());
            }

            // A minute's refusals come after what was let through in it.
            while (refused.TryPeek(out var next) && next.Key.Minute.AddMinutes(1) <= time)
            {
                await simulation.ReplayAsync(refused.Dequeue(), key, cancellation);
            }
        }

        async ValueTask<Caller> CallerAsync(string id, CancellationToken token) => callers.TryGetValue(id, out var known) ? known
            : callers[id] = new Caller(org, await documents.FindAsync(Subject.OfKey(org.Id, id), token) is { } document
                ? KeyDocuments.Key(document).Key
                : new ApiKey(id, org.Id, ""));
    }

    /// <summary>
    /// Oldest first. There is one for each minute, model and reason at most: a day has a bounded number of them.
    /// </summary>
    private async Task<IReadOnlyList<RefusalCount>> RefusedAsync(string org, DateTimeOffset begins, CancellationToken cancellation)
    {
        var counts = new List<RefusalCount>();
        var query = new RefusalQuery(RefusalQuery.MaxLimit, From: begins, To: begins.AddDays(1));
        await foreach (var count in refusals.StreamAsync(org, query, cancellation))
        {
            counts.Add(count);
            if (counts.Count >= MostPages * RefusalQuery.MaxLimit)
            {
                break;
            }
        }

        counts.Reverse();
        return counts;
    }
}

/// <summary>Says which day is simulated, under which catalogues, and for whom.</summary>
/// <param name="Day">A past UTC day.</param>
/// <param name="Baseline">The catalogue that the day ran under, as far as is known: the active one.</param>
/// <param name="Candidate">The one that is tried.</param>
/// <param name="Orgs">Only these; all where it is null.</param>
/// <param name="IncludeRefused">Whether requests that were refused are tried again.</param>
public sealed record SimulationRequest(DateOnly Day, CatalogueSnapshot Baseline, CatalogueSnapshot Candidate, IReadOnlySet<string>? Orgs, bool IncludeRefused);
