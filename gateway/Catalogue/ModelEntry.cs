namespace Freeway.Gateway.Catalogue;

/// <summary>A model in <c>catalogue.json</c>.</summary>
/// <param name="Routes">In order of preference; the first whose upstream has its key is taken.</param>
/// <param name="Enabled">False switches the model off for everybody.</param>
/// <param name="FlexPercent">The price of <c>:flex</c> in percent of the standard price, where the model has it.</param>
/// <param name="Created">Unix seconds.</param>
public sealed record ModelEntry(
    string? Id,
    string? Name,
    int? ContextLength,
    PriceEntry? UsdPerMillionTokens,
    FreeEntry? Free,
    IReadOnlyList<RouteEntry?>? Routes,
    bool Enabled = true,
    int? FlexPercent = null,
    long Created = 0);
