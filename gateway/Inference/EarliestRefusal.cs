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

        // A failure that names no moment may be over by now; a refusal that names none is not ended by waiting.
        TimeSpan? atOnce = candidate.Admitted is null ? null : TimeSpan.Zero;
        var wait = candidate.Refusal!.RetryAfter ?? atOnce;
        var isEarlier = wait is { } sooner && (_wait is not { } least || sooner < least);
        if (Candidate is null || isEarlier)
        {
            (Candidate, _wait) = (candidate, wait);
        }
    }
}
