namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// An upstream in <c>catalogue.json</c>, or a preset of one in <c>presets/upstreams/{name}.json</c>, whose shape is the
/// same;
/// <c>docs/upstreams.md</c> says what each field means.
/// </summary>
public sealed record UpstreamEntry
{
    /// <summary>The version of the format; only in a preset.</summary>
    public int? Version { get; init; }

    /// <summary>The preset that fills in what an entry of a catalogue leaves out; in a preset its own name.</summary>
    public string? Preset { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<SourceEntry?>? Sources { get; init; }

    /// <summary>
    /// Gets whether the system wants a payment card before it gives anything; null where nobody has found out.
    /// </summary>
    public bool? CardNeeded { get; init; }

    /// <summary>
    /// Gets whether the system refuses what goes beyond the free amount, as against billing it; null where nobody has
    /// found out.
    /// </summary>
    public bool? HardStop { get; init; }

    /// <summary>Gets the conditions of free use in the system's terms that its users should know.</summary>
    public string? Terms { get; init; }

    /// <summary>
    /// The account that the key belongs to: upstreams of one account share its limits. Its own where it is left out.
    /// </summary>
    public string? Account { get; init; }

    /// <summary>
    /// Absolute; <c>{NAME}</c> in it is the setting NAME. The setting <c>Freeway__Upstreams__{name}__BaseUrl</c> goes
    /// before it.
    /// </summary>
    public string? BaseUrl { get; init; }

    /// <summary>
    /// The setting that holds its key; an upstream whose key is not set is not called. None for one that wants no key.
    /// </summary>
    public string? KeySetting { get; init; }

    public AuthEntry? Auth { get; init; }

    public string? Naming { get; init; }

    public IReadOnlyList<string?>? Surfaces { get; init; }

    public string? ModelsPath { get; init; }

    public string? KeyPath { get; init; }

    public IReadOnlyList<LimitEntry?>? Limits { get; init; }

    public IReadOnlyList<RateEntry?>? Rates { get; init; }

    public IReadOnlyList<QuirkEntry?>? Quirks { get; init; }

    public IReadOnlyList<RateLimitHeadersEntry?>? RateLimitHeaders { get; init; }

    /// <summary>Fills in what this upstream leaves out from its preset; null fills in nothing.</summary>
    internal UpstreamEntry Else(UpstreamEntry? preset) => preset is null ? this : this with
    {
        Description = Description ?? preset.Description,
        Sources = Sources ?? preset.Sources,
        CardNeeded = CardNeeded ?? preset.CardNeeded,
        HardStop = HardStop ?? preset.HardStop,
        Terms = Terms ?? preset.Terms,
        BaseUrl = BaseUrl ?? preset.BaseUrl,
        KeySetting = KeySetting ?? preset.KeySetting,
        Auth = Auth ?? preset.Auth,
        Naming = Naming ?? preset.Naming,
        Surfaces = Surfaces ?? preset.Surfaces,
        ModelsPath = ModelsPath ?? preset.ModelsPath,
        KeyPath = KeyPath ?? preset.KeyPath,
        Limits = Limits ?? preset.Limits,
        Rates = Rates ?? preset.Rates,
        Quirks = Quirks ?? preset.Quirks,
        RateLimitHeaders = RateLimitHeaders ?? preset.RateLimitHeaders,
    };
}

/// <summary>The header that carries an upstream's key.</summary>
/// <param name="Scheme">Stands before the key; left out where the key stands alone.</param>
public sealed record AuthEntry(string? Header, string? Scheme = null);

/// <summary>A change to a request's body that an upstream needs.</summary>
/// <param name="Surfaces">All of OpenAI's in JSON where they are left out.</param>
/// <param name="Models">As the upstream names them; all where they are left out.</param>
/// <param name="Drop">Members to leave out.</param>
/// <param name="Rename">Members to send under another name.</param>
public sealed record QuirkEntry(
    IReadOnlyList<string?>? Surfaces = null,
    IReadOnlyList<string?>? Models = null,
    IReadOnlyList<string?>? Drop = null,
    IReadOnlyDictionary<string, string?>? Rename = null);

/// <summary>The headers by which an upstream's answers tell of one limit.</summary>
/// <param name="Window">Left out where they tell of whichever limit is nearest.</param>
public sealed record RateLimitHeadersEntry(
    string? Unit, string? Window = null, string? Limit = null, string? Remaining = null, string? Reset = null, string? ResetForm = null);
