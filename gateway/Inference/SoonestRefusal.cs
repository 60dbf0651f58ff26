using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Inference;

/// <summary>Of the refusals of several ways, the one to tell: that which waiting ends soonest, else the first.</summary>
internal sealed class SoonestRefusal
{
    private Refusal? _soonest;
    private Slug? _slug;
    private int _count;

    /// <summary>Null as long as nothing was refused.</summary>
    public Refusal? Refusal => _soonest is { RetryAfter: not null, Limit: not null } spent && _count > 1 && _slug is { } slug
        ? spent with { Message = $"None of the {_count} models can take this request now; '{slug}' is the first that can again. {spent.Message}" }
        : _soonest;

    /// <param name="slug">What was refused; null where it was not even a way.</param>
    public void Add(Refusal refusal, Slug? slug)
    {
        _count++;
        if (_soonest is null || (refusal.RetryAfter is { } wait && (_soonest.RetryAfter is not { } least || wait < least)))
        {
            (_soonest, _slug) = (refusal, slug);
        }
    }
}
