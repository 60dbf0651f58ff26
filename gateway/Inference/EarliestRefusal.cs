using Freeway.Gateway.Core;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Chooses what a caller is told where several candidates were tried and none has served: the refusal or failure of the
/// one that can serve first, else the first of all.
/// </summary>
internal sealed class EarliestRefusal
{
    private TimeSpan? _wait;
    private int _count;

    /// <summary>Gets the candidate that can serve first; null as long as none was refused.</summary>
    public Candidate? Candidate { get; private set; }

    /// <summary>Gets what the caller is told; null as long as no candidate was refused.</summary>
    public Refusal? Refusal
    {
        get
        {
            var refusal = Candidate?.Refusal;
            return _count > 1 && refusal is { RetryAfter: not null }
                ? refusal with
                {
                    Message = $"None of the {_count} models can take this request now; "
                        + $"'{Candidate!.Slug}' is the first that can again. {refusal.Message}",
                }
                : refusal;
        }
    }

    /// <summary>Adds a candidate that was refused, or that was admitted and failed.</summary>
    public void Add(Candidate candidate)
    {
        _count++;
        var wait = candidate.Refusal!.RetryAfter ?? (MayRetryAtOnce(candidate.Refusal.Code) ? TimeSpan.Zero : null);
        var isEarlier = wait is { } sooner && (_wait is not { } least || sooner < least);
        if (Candidate is null || isEarlier)
        {
            (Candidate, _wait) = (candidate, wait);
        }
    }

    /// <summary>Tells a failure that says no moment, and may be gone by now, from a refusal that no waiting ends.</summary>
    private static bool MayRetryAtOnce(RefusalCode code) =>
        code is RefusalCode.UpstreamError or RefusalCode.UpstreamTimeout or RefusalCode.InternalError;
}
