using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>
/// One org's day under one catalogue: each request is bound, reserved and settled by the code that does it in earnest,
/// over rows in memory. What is under way is held until the moment at which it had ended.
/// </summary>
/// <param name="find">The org with a key, by the key's id.</param>
/// <param name="settled">Hears of every request that has ended, with the sums that it adds.</param>
internal sealed class OrgReplay(
    CatalogueSnapshot catalogue, Func<string, CancellationToken, ValueTask<Caller>> find, SimulatedLedger ledger, Action<string, SimulationSums> settled)
{
    /// <summary>
    /// A record's times are those of its arrival and its answer; the ledger decided a little after the one and was told
    /// a little after the other.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly PriorityQueue<OpenReplay, DateTimeOffset> _open = new();

    public void TopUp(Purchase purchase) => ledger.TopUp(purchase.Nanos);

    /// <summary>A request comes; where it is let through it is under way from now on.</summary>
    /// <param name="force">Lets it through where only limits refuse.</param>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task<Verdict> OfferAsync(ActivityRecord record, bool force, CancellationToken cancellation)
    {
        SettleUntil(record.Time);
        if (!(await QuoteAsync(record, VariantOf(record.Variant), record.Model, cancellation)).Accepted(out var quote, out var refusal))
        {
            return Verdict.Of(refusal);
        }

        var verdict = Take(record, quote);
        if (!verdict.Admits && quote.Terms.NextFree.Contains(verdict.RefusedBy!))
        {
            foreach (var model in catalogue.Models.All.Where(model => model.FreeEnabled && model.Id != quote.Model.Id && (Surface.At(record.Endpoint) is not { } surface || model.IsFor(surface))))
            {
                if ((await QuoteAsync(record, Variant.Free, model.Id, cancellation)).Accepted(out var next, out _)
                    && Take(record, next).Admits)
                {
                    return Verdict.Admitted;
                }
            }
        }

        if (!verdict.Admits && force)
        {
            var amounts = quote.Takes.Select(take => take.Kind is ClaimKind.Gift ? 0 : take.Amount);
            Begin(record, quote, gifted: false, [.. amounts]);
            return Verdict.Admitted;
        }

        return verdict;
    }

    /// <summary>Tells whether a request would be let through. Nothing is taken.</summary>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task<Verdict> LookAsync(ActivityRecord record, CancellationToken cancellation)
    {
        SettleUntil(record.Time);
        if (!(await QuoteAsync(record, VariantOf(record.Variant), record.Model, cancellation)).Accepted(out var quote, out var refusal))
        {
            return Verdict.Of(refusal);
        }

        var taking = ledger.Look(quote.Takes, record.Time);
        return taking.Shortages is [] ? Verdict.Admitted : Verdict.Of(QuotaRefusal.Of(taking.Shortages, record.Time));
    }

    /// <summary>Ends what is under way.</summary>
    public void Finish() => SettleUntil(DateTimeOffset.MaxValue);

    private static Variant VariantOf(string? word) =>
        word is null ? Variant.None : WireNames.Of<Variant>().Find(word) ?? Variant.None;

    private async Task<Result<Quote>> QuoteAsync(ActivityRecord record, Variant variant, string modelId, CancellationToken cancellation)
    {
        var slug = new Slug(modelId, variant);
        var caller = await CallerAsync(record, cancellation);
        if (!catalogue.Models.Find(slug).Accepted(out var model, out var refusal)
            || !catalogue.Plans.Bind(caller, slug, model).Accepted(out var terms, out refusal))
        {
            return refusal;
        }

        if (terms.LacksEndUser is { } counted)
        {
            return Refuse.EndUserMissing(counted);
        }

        var quote = new Quote(slug, model, terms, RecordedUse.Estimate(record, slug, model, terms), null);
        await ledger.OpenAsync(quote.Takes, cancellation);
        return quote;
    }

    /// <summary>The caller with the end user of the record. How many of these are new is not simulated.</summary>
    private async ValueTask<Caller> CallerAsync(ActivityRecord record, CancellationToken cancellation)
    {
        var known = await find(record.Key, cancellation);
        return record.EndUser is { } hash
            ? known with { EndUser = new EndUser(new EndUserId(hash), long.MaxValue) }
            : known;
    }

    private Verdict Take(ActivityRecord record, Quote quote)
    {
        var taking = ledger.Look(quote.Takes, record.Time);
        if (taking.Shortages is not [] && _open.Count > 0)
        {
            SettleUntil(record.Time + Grace);
            taking = ledger.Look(quote.Takes, record.Time);
        }

        if (taking.Shortages is not [])
        {
            return Verdict.Of(QuotaRefusal.Of(taking.Shortages, record.Time));
        }

        Begin(record, quote, taking.Covered > 0, taking.Amounts);
        return Verdict.Admitted;
    }

    private void Begin(ActivityRecord record, Quote quote, bool gifted, IReadOnlyList<long> amounts)
    {
        var holds = ledger.Reserve(quote.Takes, amounts, record.Time);
        var ends = record.Time.AddMilliseconds(record.LatencyMs);
        _open.Enqueue(new OpenReplay(record, quote, quote.Tier(gifted), holds), ends);
    }

    private void SettleUntil(DateTimeOffset time)
    {
        while (_open.TryPeek(out _, out var ends) && ends <= time)
        {
            Settle(_open.Dequeue());
        }
    }

    private void Settle(OpenReplay open)
    {
        var (record, quote, admitted, holds) = open;
        if (RecordedUse.IsAborted(record))
        {
            // As recovery does: what it had held is booked, and nobody pays.
            ledger.Settle(holds, [.. holds.Select(hold => Plans.Account.Pays(hold.Quota.Source) ? 0 : hold.Amount)]);
            settled(quote.Model.Id, new SimulationSums { Admitted = 1 });
            return;
        }

        var used = RecordedUse.Used(record, quote.Slug, quote.Model, quote.Terms);
        var booked = ledger.Settle(QuoteClaims.Takes(quote.Terms, quote.Model, quote.Slug, used), holds);
        var tier = quote.BookedTier(admitted, used, booked);
        var tokens = Math.Max(used.Tokens, record.TotalTokens);
        var gifted = QuoteClaims.Gifted(tier, quote.Terms, used, tokens, booked.Covered);
        settled(quote.Model.Id, SimulationSums.Of(tier, gifted, tokens - gifted, booked.Charged));
    }
}

/// <summary>A request of the simulated day that is under way.</summary>
/// <param name="Tier">As it looked at admission.</param>
internal sealed record OpenReplay(ActivityRecord Record, Quote Quote, string Tier, IReadOnlyList<Hold> Holds);

/// <summary>Says whether a catalogue lets a request through, or which limit refuses it.</summary>
/// <param name="RefusedBy">Null where it does; else the limit that refuses, by plan and name, or the code of the
///     refusal.</param>
internal readonly record struct Verdict(string? RefusedBy)
{
    public bool Admits => RefusedBy is null;

    public static Verdict Admitted => default;

    public static Verdict Of(Refusal refusal) => new(refusal.Limit?.Source ?? refusal.Code.WireName());
}
