namespace Freeway.Gateway.Catalogue;

/// <summary>A model in <c>catalogue.json</c>, or what a preset knows of one.</summary>
/// <param name="Routes">In order of preference; the first whose upstream has its key is taken.</param>
/// <param name="Enabled">False switches the model off for everybody.</param>
/// <param name="FlexPercent">The price of <c>:flex</c> in percent of the standard price, where the model has it.</param>
/// <param name="Created">Unix seconds.</param>
/// <param name="UsdPerImage">What one image made by it costs.</param>
/// <param name="ImageTokens">The tokens that one image made by it counts as.</param>
/// <param name="UsdPerMillionCharacters">What it costs to have text spoken by it.</param>
/// <param name="UsdPerAudioMinute">What it costs to have it listen; every second counts.</param>
/// <param name="ComputeUnits">Its rate, before those of the plans.</param>
/// <param name="Dialect">The shape of its quota errors, before that of the plan.</param>
/// <param name="Surfaces">The endpoints that it is for, e.g. <c>audio/speech</c>; all where it is left out.</param>
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
    IReadOnlyList<string?>? Surfaces = null)
{
    /// <summary>What is left out here, as a preset says it.</summary>
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
    };
}
