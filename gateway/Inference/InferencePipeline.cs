using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>Takes a request through its ten steps, in the order in which the README tells them.</summary>
public sealed class InferencePipeline(
    Authenticator authenticator,
    ParseStage parsing,
    IdempotencyStage idempotency,
    ModelStage models,
    BindStage plans,
    CacheStage cache,
    ReserveStage reservations,
    UpstreamStage upstreams,
    SettlementStage settlements,
    RefusalCounter refusals,
    LedgerOptions ledger,
    TimeProvider clock)
{
    /// <summary>The most models whose upstreams are called for one request.</summary>
    private const int MostModels = 10;

    public async Task RunAsync(IExchange exchange)
    {
        var request = new RequestContext(exchange, new WaitBudget(ledger.ReserveDeadline, clock), clock);
        Refusal? refusal;
        using (request)
        {
            refusal = await AnswerAsync(request);
        }

        if (refusal is not null)
        {
            Count(request, refusal);
            await exchange.RefuseAsync(WithModel(request, refusal));
        }
    }

    /// <returns>The refusal to tell where nothing was taken; null where the request has been answered.</returns>
    private async Task<Refusal?> AnswerAsync(RequestContext request)
    {
        // 1 Authenticate the key, by its hash.
        var refusal = await AuthenticateAsync(request);

        // 2 Parse the body as bytes; the slug at its last colon.
        refusal ??= await parsing.ParseAsync(request);

        // 3 Answer a repeat: an Idempotency-Key seen before gets the recorded outcome.
        refusal ??= await idempotency.AnswerRepeatAsync(request);
        if (request.IsReplayed)
        {
            return null;
        }

        // 4 Find the models: are they there, is :free enabled for them.
        refusal ??= ModelStage.Find(request);
        return refusal ?? await ServeAsync(request);
    }

    /// <summary>
    /// Does steps 5 to 10 with one candidate after the other, until one has answered or none is left.
    /// </summary>
    private async Task<Refusal?> ServeAsync(RequestContext request)
    {
        var (earliest, called) = (new EarliestRefusal(), 0);
        try
        {
            foreach (var candidate in models.Candidates(request))
            {
                // 5 Bind the plan: who may, which limits and caps bind, who pays the rest.
                candidate.Refusal = plans.Bind(request, candidate);

                // A stored answer takes nothing: only what the key and the plan allow stands before it.
                if (candidate.Refusal is null && await cache.TryAnswerAsync(request, candidate))
                {
                    return null;
                }

                // 6 Reserve all limits, gifts and credit together, or none.
                candidate.Refusal ??= await reservations.ReserveAsync(request, candidate);
                if (candidate.Refusal is { Code: RefusalCode.OutcomeUnknown } unknown)
                {
                    // The request may have been counted: another candidate would count it a second time.
                    return await settlements.EndHeldBackAsync(request, unknown) ? null : unknown;
                }

                if (candidate.Admitted is not { } admitted)
                {
                    earliest.Add(candidate);
                    continue;
                }

                // From here on the request must be settled, whatever happens. Its repeats find its row, and a failure
                // that was held back has none any more.
                request.IdempotencyLookup?.Dispose();
                settlements.Replace(request);

                // 7 Call the upstream, one route after the other, and 8 relay its answer, event by event.
                var outcome = await upstreams.RunAsync(admitted);
                if (MayTryAnother(request, outcome) && await settlements.HoldBackAsync(admitted, outcome))
                {
                    candidate.Refusal = admitted.Named(outcome.Refusal!);
                    earliest.Add(candidate);
                    if (++called < MostModels)
                    {
                        continue;
                    }

                    break;
                }

                try
                {
                    // 9 Settle: what was held becomes what was used, in one transaction.
                    await settlements.SettleAsync(admitted, outcome);
                }
                finally
                {
                    // 10 Record, also where the caller went away before it could be told.
                    await settlements.RecordAsync(admitted);
                }

                await cache.KeepAsync(admitted, outcome);
                return null;
            }
        }
        finally
        {
            // No other candidate was admitted, or the caller has gone: what failed last is what came of the request.
            // The caller is told of the candidate that can serve first, whichever that is.
            await EndAsync(request, earliest);
        }

        return called is 0 ? earliest.Refusal : null;
    }

    private async Task<Refusal?> AuthenticateAsync(RequestContext request)
    {
        var found = await authenticator.AuthenticateAsync(request.Incoming.Secret, request.Waits, request.CallerGone);
        if (found.Accepted(out var caller, out var refusal))
        {
            request.Caller = caller;
        }

        return refusal;
    }

    private async Task EndAsync(RequestContext request, EarliestRefusal earliest)
    {
        if (await settlements.EndHeldBackAsync(request, earliest.Refusal) && earliest.Candidate!.Admitted is null)
        {
            // The failure is in the record; the refusal that was told is another candidate's, and is in none.
            CountRefusal(request, earliest.Refusal!);
        }
    }

    /// <summary>
    /// Tells whether another model may answer: no upstream produced anything, and the caller has seen nothing yet.
    /// </summary>
    private static bool MayTryAnother(RequestContext request, UpstreamOutcome outcome)
    {
        var producedNothing = outcome is { Refusal: not null, Counts: false };
        var callerWaits = !request.Exchange.HasBegun && !request.CallerGone.IsCancellationRequested;
        return producedNothing && callerWaits && request.MayBeServedByOthers;
    }

    /// <summary>Names in a refusal the model that the request named, where no step has named a model yet.</summary>
    private static Refusal WithModel(RequestContext request, Refusal refusal)
    {
        var model = ModelStage.CountedAs(request);
        if (model is RefusalKey.UnknownModel)
        {
            return refusal;
        }

        // Where nothing was reserved it is the slug that says who would have paid.
        var tier = request.Slugs[0].Variant is Variant.Free ? "free" : null;
        return refusal with { Model = refusal.Model ?? model, Tier = refusal.Tier ?? tier };
    }

    private void Count(RequestContext request, Refusal refusal)
    {
        RequestMetrics.NotServed(request.Incoming.Surface.Path, "refused");
        if (request.IsAuthenticated)
        {
            CountRefusal(request, refusal);
        }
    }

    private void CountRefusal(RequestContext request, Refusal refusal)
    {
        var variant = request.Slugs is [var first, ..] ? first.Variant : Variant.None;
        refusals.Count(request.Caller.Org.Id, ModelStage.CountedAs(request), variant, refusal);
    }
}
