using Freeway.Gateway.Core;

namespace Freeway.Gateway.Models;

/// <summary>One model of the catalogue.</summary>
/// <param name="Id">The id callers use, case-sensitive.</param>
/// <param name="ContextLength">Prompt and completion together, in tokens.</param>
/// <param name="FreePlan">The plan that <c>:free</c> takes from; null where the model has none.</param>
/// <param name="FreeEnabled">The free switch: off refuses <c>:free</c> while the bare id keeps working.</param>
/// <param name="Routes">In order of preference, never empty.</param>
public sealed record Model(
    string Id, string Name, int ContextLength, Price Price, string? FreePlan, bool FreeEnabled, IReadOnlyList<ModelRoute> Routes)
{
    /// <summary>A switched-off model is answered as if it did not exist.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The price of <c>:flex</c> in hundredths of the standard price; null where the model has no flex.
    /// </summary>
    public int? FlexPercent { get; init; }

    /// <summary>
    /// The surfaces that the model is for; null for all. <c>auto:free</c> and the next free model go by them.
    /// </summary>
    public IReadOnlyList<Surface>? Surfaces { get; init; }

    /// <summary>The time at which the model was added, in Unix seconds; OpenAI's list shape wants it.</summary>
    public long Created { get; init; }

    /// <summary>
    /// The longest answer that the model gives, in tokens, where that is known to be shorter than its context; upstreams
    /// refuse a higher ceiling.
    /// </summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The longest answer that a request has to be held for, in tokens.</summary>
    public int LongestAnswer => Math.Min(MaxOutputTokens ?? ContextLength, ContextLength);

    /// <summary>The tokens that one image made by it counts as; null where images count none.</summary>
    public long? ImageTokens { get; init; }

    /// <summary>The cost of one image made by it, in nano-dollars.</summary>
    public long NanosPerImage { get; init; }

    /// <summary>The shape of its quota errors, where it has one of its own.</summary>
    public Dialect? Dialect { get; init; }

    public string OwnedBy => Id.Contains('/', StringComparison.Ordinal) ? Id[..Id.IndexOf('/', StringComparison.Ordinal)] : "freeway";

    public bool IsFor(Surface surface) => Surfaces is null || surface.Among(Surfaces) is not null;

    /// <summary>
    /// Gives the cost of a request of a variant, whoever pays it, in nano-dollars; flex is rounded up.
    /// </summary>
    /// <param name="cachedTokens">Those of <paramref name="inputTokens"/> that the upstream had in its cache.</param>
    public long Cost(
        Variant variant, long inputTokens, long outputTokens, long images = 0, long characters = 0, long seconds = 0, long cachedTokens = 0)
    {
        var standard = checked(Price.Cost(inputTokens, outputTokens, characters, seconds, cachedTokens) + (images * NanosPerImage));
        return variant is Variant.Flex ? checked((long)((((Int128)standard * (FlexPercent ?? 100)) + 99) / 100)) : standard;
    }
}

/// <summary>A route to a model: the upstream's name and the model's name there.</summary>
public sealed record ModelRoute(string Upstream, string UpstreamModel)
{
    /// <summary>Gets the route's share where routes are chosen by weight; null where they are tried in order.</summary>
    public int? Weight { get; init; }

    /// <summary>Prompt and completion together, in tokens; null where it is the model's.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Gets whether the upstream's model can call tools.</summary>
    public bool Tools { get; init; } = true;

    /// <summary>Gets whether the upstream's model accepts images in messages.</summary>
    public bool Vision { get; init; } = true;
}
