using Freeway.Gateway.Core;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Chooses which of several candidates' refusals is told: that which waiting ends soonest, else the first.
/// </summary>
internal sealed class EarliestRefusal
{
    private Refusal? _earliest;
    private Slug? _slug;
    private int _count;

    /// <summary>Gets the refusal to tell; null as long as nothing was refused.</summary>
    public Refusal? Refusal =>
        _earliest is { RetryAfter: not null, Limit: not null } spent && _count > 1 && _slug is { } slug
            ? spent with
            {
                Message = $"None of the {_count} models can take this request now; "
                    + $"'{slug}' is the first that can again. {spent.Message}",
            }
            : _earliest;

    /// <summary>Adds a candidate that was refused.</summary>
    public void Add(Candidate candidate)
    {
        // What only stands in for another model was not asked for by the caller: its refusal says nothing to them.
        if (candidate is not { Refusal: { } refusal, IsOverflow: false })
        {
            return;
        }

        _count++;
        var isEarlier = refusal.RetryAfter is { } wait && (_earliest?.RetryAfter is not { } least || wait < least);
        if (_earliest is null || isEarlier)
        {
            (_earliest, _slug) = (refusal, candidate.Quote?.Slug);
        }
    }
}
