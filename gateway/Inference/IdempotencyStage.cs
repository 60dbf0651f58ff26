using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Answers a request that was sent before under the same <c>Idempotency-Key</c>: while the first is under way with a
/// refusal, afterwards with its outcome. One unit of quota, one charge, one record, however often it is sent.
/// </summary>
/// <remarks>
/// Those who come at once share a look. It only tells who is a repeat: that one alone is admitted, the ledger sees to.
/// </remarks>
public sealed class IdempotencyStage(RequestLedger ledger)
{
    private readonly CoalescedReads<(string Org, IdempotencyKey Key), IdempotencyRow?> _looks =
        new(row => ledger.FindRepeatAsync(row.Org, row.Key, CancellationToken.None));

    /// <summary>The row that makes this request one; null where it has no key.</summary>
    public static async ValueTask<IdempotencyRow?> RowOfAsync(IExchange exchange, Caller caller, RequestOptions options, RequestBody body, DateTimeOffset now)
    {
        if (options.IdempotencyKey is not { } key)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(exchange.Surface.Path + "\n"));
        await body.FingerprintAsync(hash, exchange.CallerGone);
        return new IdempotencyRow(
            new IdempotencyKey(caller.Key.Id, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))),
            exchange.RequestId,
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            now,
            null,
            null);
    }

    /// <returns>True where the request has been answered; a refusal is still to be told.</returns>
    public async Task<Result<bool>> AnswerAsync(ParsedRequest asked)
    {
        if (asked.Once is not { } once)
        {
            return false;
        }

        IdempotencyRow? before;
        try
        {
            var told = await asked.Waits.SpendAsync(
                limit => _looks.LookAsync((asked.Caller.Org.Id, once.Key), limit), asked.Exchange.CallerGone);
            before = told.Value;
            asked.RepeatLook = told;
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(TimeSpan.FromSeconds(5));
        }

        if (before is null)
        {
            // Those who wait for the next look see this request's row once its reservation is decided.
            return false;
        }

        asked.RepeatLook.Dispose();
        switch (before)
        {
            case var other when other.Fingerprint != once.Fingerprint:
                return Refuse.InvalidField("Idempotency-Key", "This Idempotency-Key was sent with another request. Every request needs a key of its own.");
            case { Outcome: null }:
                return Refuse.RequestInProgress(before.RequestId);
            case { Outcome: { Body: not null } outcome }:
                await asked.Exchange.ReplayAsync(outcome);
                return true;
            case { Outcome.Failure: { } code }:
                await asked.Exchange.ReplayAsync(Refuse.FailedBefore(code));
                return true;
            default:
                return Refuse.AlreadyCompleted(before.RequestId);
        }
    }
}
