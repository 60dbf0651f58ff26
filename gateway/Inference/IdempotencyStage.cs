using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Answers a request that was sent before under the same <c>Idempotency-Key</c> (step 3): with a refusal while the
/// first is under way, afterwards with its recorded outcome. One unit of quota, one charge, one record, however often
/// it is sent.
/// </summary>
/// <remarks>
/// Requests that come at once share a look-up, which only tells the repeats apart. That one alone is admitted is
/// decided by the ledger.
/// </remarks>
public sealed class IdempotencyStage(RequestLedger ledger)
{
    private readonly CoalescedReads<(string Org, IdempotencyKey Key), IdempotencyRow?> _lookups =
        new(row => ledger.FindIdempotencyRowAsync(row.Org, row.Key, CancellationToken.None));

    /// <summary>Looks for an earlier request under the same key, and sends its outcome where it is over.</summary>
    /// <returns>Why a repeat cannot be answered; null where the request was replayed or is no repeat.</returns>
    public async Task<Refusal?> AnswerRepeatAsync(RequestContext request)
    {
        if (request.Options.IdempotencyKey is not { } key)
        {
            return null;
        }

        var own = request.Idempotency = await RowOfAsync(request, key);
        IdempotencyRow? earlier;
        try
        {
            var lookup = await request.Waits.SpendAsync(
                limit => _lookups.ReadAsync((request.Caller.Org.Id, own.Key), limit), request.CallerGone);
            earlier = lookup.Value;
            request.IdempotencyLookup = lookup;
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable();
        }

        if (earlier is null)
        {
            // The look-up is kept: whoever waits for the next one sees this request's row once its reservation is
            // decided.
            return null;
        }

        request.IdempotencyLookup.Dispose();
        if (earlier.Fingerprint != own.Fingerprint)
        {
            return Refuse.InvalidField(
                "Idempotency-Key",
                "This Idempotency-Key was sent with another request. Every request needs a key of its own.");
        }

        return await ReplayAsync(request, earlier);
    }

    private static async Task<Refusal?> ReplayAsync(RequestContext request, IdempotencyRow earlier)
    {
        switch (earlier.Outcome)
        {
            case null:
                return Refuse.RequestInProgress(earlier.RequestId);
            case { Body: not null } outcome:
                await request.Exchange.ReplayAsync(outcome);
                break;
            case { Failure: { } code }:
                await request.Exchange.ReplayAsync(Refuse.FailedBefore(code));
                break;
            default:
                return Refuse.AlreadyCompleted(earlier.RequestId);
        }

        request.IsReplayed = true;
        RequestMetrics.NotServed(request.Exchange.Surface.Path, "repeated");
        return null;
    }

    /// <summary>Makes the row that the reservation writes. The key is kept hashed, as it may hold anything.</summary>
    private static async ValueTask<IdempotencyRow> RowOfAsync(RequestContext request, string key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(request.Exchange.Surface.Path + "\n"));
        await request.Body.FingerprintAsync(hash, request.CallerGone);
        var hashedKey = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return new IdempotencyRow(
            new IdempotencyKey(request.Caller.Key.Id, hashedKey),
            request.Exchange.RequestId,
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            request.Time,
            null,
            null);
    }
}
