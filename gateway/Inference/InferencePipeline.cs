using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>The way of a request, in order. Nothing else knows the order.</summary>
public sealed class InferencePipeline(
    CurrentCatalogue current,
    Authenticator authenticator,
    IdempotencyStage repeats,
    CandidateStage candidates,
    AdmitStage admission,
    UpstreamStage upstream,
    SettlementStage settlement,
    RefusalCounter refusals,
    LedgerOptions ledger,
    TimeProvider clock)
{
    /// <summary>How many upstreams' models are called for one request at most.</summary>
    private const int MostTries = 10;

    public async Task RunAsync(IExchange exchange)
    {
        var (time, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        var waits = new WaitBudget(ledger.ReserveDeadline, clock);
        var known = await authenticator.AuthenticateAsync(exchange.Secret, waits, exchange.CallerGone);
        if (!known.Accepted(out var caller, out var stranger))
        {
            await RefuseAsync(exchange, stranger);
            return;
        }

        var (model, variant) = (RefusalKey.UnknownModel, Variant.None);
        var understood = await ReadAsync(exchange, caller, waits, time, started);
        if (understood.Accepted(out var asked, out var refusal))
        {
            (model, variant) = (CandidateStage.CountedAs(asked.Catalogue, asked.Slugs[0]), asked.Slugs[0].Variant);
            try
            {
                refusal = await AnswerAsync(asked);
            }
            finally
            {
                asked.RepeatLook?.Dispose();
            }
        }

        if (refusal is not null)
        {
            if (model != RefusalKey.UnknownModel)
            {
                // Where nothing was reserved it is the slug that says who would have paid.
                refusal = refusal with
                {
                    Model = refusal.Model ?? model,
                    Tier = refusal.Tier ?? (variant is Variant.Free ? "free" : null),
                };
            }

            refusals.Count(caller.Org.Id, model, variant, refusal);
            await RefuseAsync(exchange, refusal);
        }
    }

    /// <returns>What is to be told where nothing was admitted; null where it was answered.</returns>
    private async Task<Refusal?> AnswerAsync(ParsedRequest asked)
    {
        if (!(await repeats.AnswerAsync(asked)).Accepted(out var answered, out var refusal))
        {
            return refusal;
        }

        if (answered)
        {
            RequestMetrics.NotServed(asked.Exchange.Surface.Path, "repeated");
            return null;
        }

        return CandidateStage.Check(asked.Catalogue, asked.Body, asked.Slugs) ?? await ServeAsync(asked);
    }

    private static Task RefuseAsync(IExchange exchange, Refusal refusal)
    {
        RequestMetrics.NotServed(exchange.Surface.Path, "refused");
        return exchange.RefuseAsync(refusal);
    }

    /// <summary>Tries one way after the other, until one has answered or none is left.</summary>
    /// <returns>What is to be told where none was admitted.</returns>
    private async Task<Refusal?> ServeAsync(ParsedRequest asked)
    {
        var told = new SoonestRefusal();
        RequestSettlement? failed = null;
        var tries = 0;
        try
        {
            foreach (var way in candidates.Of(asked.Catalogue, asked.Caller, asked.Body, asked.Slugs, asked.Options.Overflow))
            {
                if (!way.Accepted(out var quote, out var refusal)
                    || !(await admission.AdmitAsync(asked, quote, failed?.Row)).Accepted(out var request, out refusal))
                {
                    if (refusal.Code is RefusalCode.OutcomeUnknown)
                    {
                        // It may have been counted: another way would count it a second time.
                        if (failed is not { } last)
                        {
                            return refusal;
                        }

                        failed = null;
                        await last.CloseAsync(refusal);
                        return null;
                    }

                    told.Add(refusal, quote?.Slug);
                    continue;
                }

                // From here on the request must be settled, whatever happens. Its repeats find its row, and what
                // failed before has none any more.
                asked.RepeatLook?.Dispose();
                var books = settlement.Open(request);
                failed?.LetGo();
                failed = null;
                var outcome = await upstream.RunAsync(request, books);
                if (++tries < MostTries && MayGoOn(outcome, asked) && await books.HoldBackAsync(outcome))
                {
                    failed = books;
                    continue;
                }

                await books.CloseAsync(outcome);
                return null;
            }
        }
        finally
        {
            // None of the others was admitted, or the caller has gone: what failed last is what came of the request.
            await (failed?.CloseAsync() ?? Task.CompletedTask);
        }

        return tries is 0 ? told.Refusal : null;
    }

    /// <summary>
    /// Whether another model may answer: no upstream produced anything, and the caller has seen nothing yet.
    /// </summary>
    private static bool MayGoOn(UpstreamOutcome outcome, ParsedRequest asked) =>
        outcome is { Refusal: not null, Counts: false } && asked.MayBeServedByOthers
        && !asked.Exchange.HasBegun && !asked.Exchange.CallerGone.IsCancellationRequested;

    private async Task<Result<ParsedRequest>> ReadAsync(
        IExchange exchange, Caller caller, WaitBudget waits, DateTimeOffset time, long started)
    {
        if (!(await current.TakeAsync(exchange.CallerGone, waits)).Accepted(out var catalogue, out var refusal)
            || !exchange.ReadOptions().Accepted(out var options, out refusal)
            || !(await ReadBodyAsync(exchange)).Accepted(out var body, out refusal)
            || !CandidateStage.Slugs(body).Accepted(out var slugs, out refusal))
        {
            return refusal;
        }

        var once = await IdempotencyStage.RowOfAsync(exchange, caller, options, body, time);
        return new ParsedRequest(exchange, catalogue, caller, options, body, slugs, once, waits, time, started);
    }

    private static async Task<Result<RequestBody>> ReadBodyAsync(IExchange exchange)
    {
        if (exchange.Surface.Content.Forms is ContentForms.None)
        {
            return (await exchange.ReadFormAsync()).Accepted(out var form, out var broken)
                ? await FormBody.ReadAsync(form, exchange.Surface, exchange.CallerGone)
                : broken;
        }

        return (await exchange.ReadBodyAsync()).Accepted(out var bytes, out var refusal)
            && JsonBody.Parse(bytes, exchange.Surface).Accepted(out var json, out refusal)
            ? json
            : refusal;
    }
}
