namespace Freeway.Gateway.Catalogue.Format;

/// <summary>A model in <c>catalogue.json</c>, or what a preset knows of one.</summary>
/// <param name="Routes">In order of preference; the first whose upstream has its key is taken.</param>
/// <param name="Enabled">False switches the model off for everybody.</param>
/// <param name="FlexPercent">
/// The price of <c>:flex</c> in percent of the standard price, where the model has it.
/// </param>
/// <param name="Created">Unix seconds.</param>
/// <param name="UsdPerImage">What one image made by it costs.</param>
/// <param name="ImageTokens">The tokens that one image made by it counts as.</param>
/// <param name="UsdPerMillionCharacters">What it costs to have text spoken by it.</param>
/// <param name="UsdPerAudioMinute">What it costs to have it listen; every second counts.</param>
/// <param name="ComputeUnits">Its rate, before those of the plans.</param>
/// <param name="Dialect">The shape of its quota errors, before that of the plan.</param>
/// <param name="Surfaces">The endpoints that it is for, e.g. <c>audio/speech</c>; all where it is left out.</param>
/// <param name="MaxOutputTokens">The longest answer that it gives, where that is shorter than its context.</param>
public sealed record ModelEntry(
    string? Id,
    string? Name = null,
    int? ContextLength = null,
    PriceEntry? UsdPerMillionTokens = null,
    FreeEntry? Free = null,
    IReadOnlyList<RouteEntry?>? Routes = null,
    bool Enabled = true,
    int? FlexPercent = null,
    long Created = 0,
    decimal? UsdPerImage = null,
    long? ImageTokens = null,
    decimal? UsdPerMillionCharacters = null,
    decimal? UsdPerAudioMinute = null,
    RateEntry? ComputeUnits = null,
    string? Dialect = null,
    IReadOnlyList<string?>? Surfaces = null,
    int? MaxOutputTokens = null)
{
    /// <summary>Fills in what this model leaves out from a preset; null fills in nothing.</summary>
    internal ModelEntry Else(ModelEntry? known) => known is null ? this : this with
    {
        Name = Name ?? known.Name,
        ContextLength = ContextLength ?? known.ContextLength,
        UsdPerMillionTokens = UsdPerMillionTokens ?? known.UsdPerMillionTokens,
        Free = Free ?? known.Free,
        Routes = Routes ?? known.Routes,
        FlexPercent = FlexPercent ?? known.FlexPercent,
        UsdPerImage = UsdPerImage ?? known.UsdPerImage,
        ImageTokens = ImageTokens ?? known.ImageTokens,
        UsdPerMillionCharacters = UsdPerMillionCharacters ?? known.UsdPerMillionCharacters,
        UsdPerAudioMinute = UsdPerAudioMinute ?? known.UsdPerAudioMinute,
        ComputeUnits = ComputeUnits ?? known.ComputeUnits,
        Dialect = Dialect ?? known.Dialect,
        Surfaces = Surfaces ?? known.Surfaces,
        MaxOutputTokens = MaxOutputTokens ?? known.MaxOutputTokens,
    };
}

/// <summary>A model's free switch and the plan that <c>:free</c> takes from.</summary>
public sealed record FreeEntry(bool Enabled, string? Plan);

/// <summary>Prices in USD per million tokens, as decimals with nine places at most.</summary>
/// <param name="CachedInput">What input costs that the upstream had in its cache; as all input where it is left
///     out.</param>
public sealed record PriceEntry(decimal? Input, decimal? Output, decimal? CachedInput = null);

/// <summary>An upstream that has a model, and the model's name there.</summary>
/// <param name="Weight">Its share, where routes are chosen by weight and not in order.</param>
/// <param name="ContextLength">Where it is shorter there.</param>
/// <param name="Tools">False where tools cannot be called there.</param>
/// <param name="Vision">False where it does not look at images.</param>
/// <param name="StandIn">
/// Only there while no other route of the model has its key: a demo must never answer in the place of the real one.
/// </param>
public sealed record RouteEntry(string? Upstream, string? Model, int? Weight = null, int? ContextLength = null, bool Tools = true, bool Vision = true, bool StandIn = false);
