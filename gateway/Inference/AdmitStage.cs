using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Takes what a quote says, or refuses. Where a spent limit sends the request to the next free model, those that fit
/// are tried in order; the refusal of the model that was asked for is the one that is told.
/// </summary>
public sealed class AdmitStage(QuoteStage quotes, RequestLedger ledger, Suggestions suggestions)
{
    /// <param name="before">The row of another way by which the request was admitted before, and which failed.</param>
    public async Task<Result<AdmittedRequest>> AdmitAsync(ParsedRequest asked, Quote quote, RequestRow? before)
    {
        var decision = await ReserveAsync(asked, quote, before);
        if (decision.Accepted(out var admitted, out var refusal))
        {
            return admitted;
        }

        if (refusal.Limit is { } spent && quote.Terms.NextFree.Contains(spent.Source))
        {
            foreach (var next in quotes.NextFree(asked.Catalogue, asked.Caller, asked.Body, quote.Model.Id).Where(next => !ledger.IsKnownSpent(asked.Caller.Org.Id, next.Takes)))
            {
                if ((await ReserveAsync(asked, next, before)).Accepted(out admitted, out var other))
                {
                    return admitted;
                }

                if (other.Code is RefusalCode.OutcomeUnknown)
                {
                    return other;
                }
            }
        }

        return suggestions.Add(asked.Catalogue, refusal, quote, asked.Caller, asked.Body.Surface) with
        {
            Model = quote.Model.Id,
            Tier = quote.Tier(gifted: false),
            HardRefusal = asked.Caller.Key.HardRefusal,
            Dialect = quote.Terms.Dialect,
        };
    }

    private async Task<Result<AdmittedRequest>> ReserveAsync(ParsedRequest asked, Quote quote, RequestRow? before)
    {
        var draft = RecordWriter.Draft(asked, quote);
        var decision = await asked.Waits.SpendAsync(left => ledger.ReserveAsync(
            asked.Caller.Org.Id,
            asked.Exchange.RequestId,
            quote.Takes,
            draft,
            asked.Exchange.CallerGone,
            asked.Once,
            before,
            left,
            quote.Smaller));
        return decision.Accepted(out var reservation, out var refusal)
            ? new AdmittedRequest(asked, reservation.Size is { } ceiling ? quote.Under!(ceiling) : quote, reservation)
            : refusal;
    }
}

/// <summary>A request that was admitted: everything the stages after admission need to know of it.</summary>
/// <param name="Quote">What it is served by; another model's than was asked for where it overflowed to the next free
///     one.</param>
public sealed record AdmittedRequest(ParsedRequest Asked, Quote Quote, Reservation Reservation)
{
    /// <summary>The tier as it looks at admission, for the answer's headers; the record says what was booked.</summary>
    public string Tier { get; } = Quote.Tier(gifted: Reservation.Covered > 0);
}
