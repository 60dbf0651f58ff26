using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Answers a request from the response cache, where the caller asks for it and the plan has it, and stores the answers
/// of such requests. A hit takes nothing: it comes after the plan is bound and before anything is reserved.
/// </summary>
/// <remarks>
/// Two requests at once both miss, and both are served and counted: nobody waits for another's answer.
/// </remarks>
public sealed class CacheStage(
    IResponseStore store,
    IActivityQueue queue,
    RequestLedger ledger,
    ActivityOutbox outbox,
    AfterAnswers afterAnswers,
    ResponseCacheOptions options,
    TimeProvider clock,
    ILogger<CacheStage> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Looks for a stored answer to the request as this candidate, which must have a quote, serves it.</summary>
    /// <returns>Whether the request has been answered.</returns>
    public async Task<bool> TryAnswerAsync(RequestContext request, Candidate candidate)
    {
        // A failure that is held back has a record of its own, which tells what became of the request.
        if (request.Options.Cache is not { } wanted || request.HeldBack is not null)
        {
            return false;
        }

        request.Cache = WhyNot(request, candidate) ?? CacheResult.Miss;
        if (request.Cache is not CacheResult.Miss)
        {
            return false;
        }

        var key = candidate.CacheKey = await ResponseKey.OfAsync(request, candidate);
        var found = wanted.Refresh ? null : await FindAsync(request, key);
        var isUsable = found is not null && IsFresh(found, candidate.Quote!.Terms.Plan.CacheLasts!.Value, wanted.MaxAge);
        var answer = isUsable ? key.Open(found!) : null;
        CacheMetrics.Looked("responses", hit: answer is not null);
        if (answer is null)
        {
            return false;
        }

        await AnswerAsync(request, candidate, found!, answer);
        return true;
    }

    /// <summary>Stores the answer of an admitted request, if it was recorded and is whole.</summary>
    public async Task KeepAsync(AdmittedRequest admitted, UpstreamOutcome outcome)
    {
        var isWhole = outcome is { Status: 200, ErrorCode: null, Refusal: null, Relay.Ending: RelayEnding.Completed };
        if (admitted is not { CacheKey: { } key, Recording.Bytes: { Length: > 0 } bytes } || !isWhole)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var plain = new StoredResponse(
            now, now + admitted.Quote.Terms.Plan.CacheLasts!.Value, admitted.Recording.ContentType,
            outcome.Route?.Upstream ?? "", []);
        var response = plain with { Content = key.Seal(bytes.Span, plain) };
        await afterAnswers.RunAsync(() => SaveAsync(admitted.Context.Exchange.RequestId, key, response));
    }

    private static CacheResult? WhyNot(RequestContext request, Candidate candidate)
    {
        if (candidate.Quote!.Terms.Plan.CacheLasts is null)
        {
            return CacheResult.Off;
        }

        // What the answer says of this request's limits or route is not true of another's.
        var isAlike = request.Body is JsonBody { ReachesBack: false } && !request.Options.IncludesAny;
        return isAlike ? null : CacheResult.Bypass;
    }

    private bool IsFresh(StoredResponse found, TimeSpan lasts, TimeSpan? maxAge)
    {
        // The plan may have been given a shorter time since.
        var oldest = maxAge < lasts ? maxAge.Value : lasts;
        var now = clock.GetUtcNow();
        return found.ExpiresAt > now && now - found.At < oldest;
    }

    private async Task<StoredResponse?> FindAsync(RequestContext request, ResponseKey key)
    {
        try
        {
            return await request.Waits.SpendAsync(limit => store.FindAsync(key, limit), request.CallerGone);
        }
        catch (IOException outage)
        {
            InferenceLog.CacheUnavailable(logger, request.Exchange.RequestId, outage.Message);
            return null;
        }
    }

    private async Task AnswerAsync(RequestContext request, Candidate candidate, StoredResponse found, byte[] answer)
    {
        request.Cache = CacheResult.Hit;
        var exchange = request.Exchange;
        var isStream = request.Body.Stream;
        var head = new AnswerHead(
            200, found.ContentType, isStream ? null : answer.Length, candidate.Model.Id, found.Upstream, "free", [])
        {
            Cache = CacheResult.Hit,
            Age = clock.GetUtcNow() - found.At,
        };
        var status = 499;
        try
        {
            exchange.Begin(head);
            var written = await exchange.Body.WriteAsync(answer, request.CallerGone);
            await exchange.CompleteAsync();
            status = written.IsCompleted ? 499 : 200;
        }
        finally
        {
            var record = RecordWriter.OfHit(request, candidate.Quote!, found.Upstream) with
            {
                Status = status,
                ErrorCode = status is 200 ? null : "caller_gone",
                LatencyMs = (long)clock.GetElapsedTime(request.Started).TotalMilliseconds,
            };
            RequestMetrics.NotServed(exchange.Surface.Path, "cached");
            await afterAnswers.RunAsync(() => SendAsync(record));
        }
    }

    /// <summary>
    /// Sends the record of a hit. As nothing was taken it has no row of the ledger, until the broker is out of reach:
    /// then it waits there like any other. It is lost where both are, and the log says so.
    /// </summary>
    private async Task SendAsync(ActivityRecord record)
    {
        var json = ActivityJson.Write(record);
        try
        {
            using var limit = new CancellationTokenSource(Patience, clock);
            await queue.SendAsync(record.Id, json, record.Trace, limit.Token);
        }
        catch (Exception outage) when (outage is IOException or OperationCanceledException)
        {
            if (!await TryHoldAsync(record, json))
            {
                InferenceLog.HitNotRecorded(logger, record.Id, outage.Message);
            }
        }
    }

    /// <summary>Leaves a record in the ledger, as that of a request that took nothing, to be sent later.</summary>
    private async Task<bool> TryHoldAsync(ActivityRecord record, ReadOnlyMemory<byte> json)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        try
        {
            var reserved = await ledger.ReserveAsync(record.Org, record.Id, [], json, limit.Token);
            if (!reserved.Accepted(out var reservation, out _))
            {
                return false;
            }

            try
            {
                await ledger.SettleAsync(reservation, [], _ => json, outcome: null, limit.Token);
            }
            finally
            {
                // From now on the outbox looks for the row; should the settlement last, it finds it then.
                outbox.MarkBehind(reservation.Row.Instance, reservation.Org);
                ledger.OwnedRows.Release(reservation.Org, reservation.Row);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SaveAsync(string request, ResponseKey key, StoredResponse response)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience, clock);
            await store.SaveAsync(key, response, options.AnswersPerKey, limit.Token);
        }
        catch (Exception outage) when (outage is IOException or OperationCanceledException)
        {
            InferenceLog.CacheUnavailable(logger, request, outage.Message);
        }
    }
}
