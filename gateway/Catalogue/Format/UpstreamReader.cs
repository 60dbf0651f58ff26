using System.Text.RegularExpressions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Reads one upstream of the catalogue, from its preset where the catalogue leaves something out.</summary>
/// <param name="open">Opens <c>presets/{name}.json</c>; null where there is none.</param>
internal sealed partial class UpstreamReader(CatalogueErrors errors, Func<string, string?> setting, Func<string, byte[]?> open)
{
    /// <summary>Headers that the call itself sets, and that can carry no key.</summary>
    private static readonly string[] TakenHeaders =
        ["host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "te", "trailer", "upgrade", "cookie", "expect", "proxy-authorization"];

    private readonly UpstreamPresetReader _presets = new(errors, open);
    private readonly UpstreamUrlReader _urls = new(errors, setting);
    private readonly PlanReader _plans = new(errors, setting);
    private readonly QuirkReader _quirks = new(errors);
    private readonly OriginChecks _origins = new(errors);
    private readonly UpstreamLimitReader _limits = new(
        errors, new LimitReader(errors, new AmountReader(errors, setting), new ConditionReader(errors)), new AmountReader(errors, setting), setting);

    /// <param name="models">Those that the catalogue has from this upstream, as it names them.</param>
    public Upstream Read(string name, UpstreamEntry? entry, IReadOnlyList<string> models)
    {
        var at = $"upstreams.{name}";
        errors.Name(name, at);
        var own = entry ?? new UpstreamEntry();
        errors.Check(own.Version is null, $"{at}.version", "is for presets");
        var preset = own.Preset is null ? null : _presets.Read(own.Preset, $"{at}.preset");
        if (own.Preset is not null && preset is null)
        {
            return new Upstream(name, new Uri("https://unknown.invalid"), null, false);
        }

        var whole = own.Else(preset);
        var key = whole.KeySetting is { } keySetting ? Key(keySetting, At(own.KeySetting, "key_setting")) : null;
        var ready = whole.KeySetting is null || key is not null;
        var sources = _plans.Sources(whole.Sources, At(own.Sources, "sources"));

        // Limits of one's own have sources of one's own, or those of the preset.
        _origins.Check(whole.Limits, sources, At(own.Limits, "limits"));
        _origins.Check(whole.Rates, sources, At(own.Rates, "rates"));
        var upstream = new Upstream(name, Url(), key, ready)
        {
            Account = Account(own.Account, $"{at}.account"),
            Preset = own.Preset,
            Description = whole.Description,
            Sources = sources,
            Offer = new OfferTerms(whole.CardNeeded, whole.HardStop, whole.Terms),
            Naming = whole.Naming,
            Auth = Auth(whole.Auth, At(own.Auth, "auth")),
            Surfaces = _quirks.Surfaces(whole.Surfaces, Surface.All, Surface.Usual, At(own.Surfaces, "surfaces")),
            Limits = _limits.Read(whole.Limits, At(own.Limits, "limits"), name, models, ready),
            Rates = Rates(whole.Rates, At(own.Rates, "rates")),
            Quirks = [.. (whole.Quirks ?? []).Select((quirk, index) => _quirks.Read(quirk, $"{At(own.Quirks, "quirks")}[{index}]"))],
            RateLimitHeaders = [.. (whole.RateLimitHeaders ?? []).Select((one, index) => Headers(one, $"{At(own.RateLimitHeaders, "rate_limit_headers")}[{index}]"))],
            ModelsPath = Path(whole.ModelsPath, At(own.ModelsPath, "models_path")),
            KeyPath = Path(whole.KeyPath, At(own.KeyPath, "key_path")),
        };
        CheckRates(upstream, models, At(own.Rates, "rates"));
        return upstream;

        // What the catalogue leaves out is wrong in the preset, if it is wrong.
        string At(object? said, string field) => said is null && preset is not null ? $"{UpstreamPresetReader.File(own.Preset!)}: {field}" : $"{at}.{field}";

        Uri Url()
        {
            var set = setting($"Freeway:Upstreams:{name}:BaseUrl") is { Length: > 0 } url ? url : own.BaseUrl;
            return _urls.Read(set ?? whole.BaseUrl, At(set, "base_url"), ready);
        }
    }

    /// <summary>
    /// Notes limits of one name that upstreams of one account have differently: it could not be said which of them
    /// counts.
    /// </summary>
    public void CheckAccounts(IReadOnlyList<Upstream> upstreams)
    {
        foreach (var account in upstreams.Where(upstream => upstream.Account is not null).GroupBy(upstream => upstream.Account))
        {
            var seen = new Dictionary<string, (Upstream Upstream, PlanLimit Limit)>(StringComparer.Ordinal);
            foreach (var (upstream, limit) in account.SelectMany(upstream => upstream.Limits.Select(limit => (upstream, limit))))
            {
                var isNew = seen.TryAdd(limit.Limit.Name, (upstream, limit));
                var (first, other) = seen[limit.Limit.Name];
                var isSame = isNew || (other.Limit == limit.Limit && other.Models.Patterns.SequenceEqual(limit.Models.Patterns));
                errors.Check(
                    isSame, $"upstreams.{upstream.Name}.limits",
                    $"'{limit.Limit.Name}' must be as that of the upstream '{first.Name}', for both share the account '{account.Key}'");
            }
        }
    }

    private string? Account(string? account, string at)
    {
        if (account is not null)
        {
            errors.Name(account, at);
        }

        return account;
    }

    private string? Key(string name, string at)
    {
        errors.Check(name.Length > 0, at, "must name a setting");
        var key = setting(AmountReader.Key(name));
        // An unfit header is an exception that shows its value: never let it come so far.
        return string.IsNullOrEmpty(key) || !errors.Check(key.All(sign => sign is > ' ' and <= '~'), at, $"the setting {name} must hold a key without blanks and line ends") ? null : key;
    }

    private UpstreamAuth Auth(AuthEntry? entry, string at)
    {
        if (entry is null)
        {
            return UpstreamAuth.Bearer;
        }

        var header = entry.Header?.ToLowerInvariant() ?? "";
        errors.Check(
            TokenPattern.IsMatch(header) && !TakenHeaders.Contains(header),
            $"{at}.header", "must name a header that is free to carry a key");
        errors.Check(
            entry.Scheme is null || TokenPattern.IsMatch(entry.Scheme),
            $"{at}.scheme", "must be a word such as Bearer, or be left out");
        return new UpstreamAuth(header, entry.Scheme);
    }

    private void CheckRates(Upstream upstream, IReadOnlyList<string> models, string at)
    {
        foreach (var model in models.Distinct(StringComparer.Ordinal).Where(model => !upstream.Rates.Any(rate => rate.Models.Contains(model))))
        {
            errors.Check(
                !upstream.Limits.Any(limit => limit.Limit.Unit is LimitUnit.MicroUnits && limit.Models.Contains(model)), at,
                $"there is none for '{model}' of the upstream '{upstream.Name}': what does it take of compute units?");
        }
    }

    private List<PlanRate> Rates(IReadOnlyList<RateEntry?>? entries, string at) => [.. (entries ?? []).Select((entry, index) => new PlanRate(
        errors.Models(entry?.Models, $"{at}[{index}].models"), _plans.Rate(entry ?? new RateEntry(), $"{at}[{index}]")))];

    private RateLimitHeaders Headers(RateLimitHeadersEntry? entry, string at)
    {
        var unit = errors.Word(entry?.Unit, LimitNames.Units, $"{at}.unit");
        LimitWindow? window = entry?.Window is { } word ? errors.Word(word, LimitNames.Windows, $"{at}.window") : null;
        errors.Check(
            entry is { Limit: not null } or { Remaining: not null },
            at, "must name a header: limit or remaining");
        errors.Check(
            entry?.Reset is null == entry?.ResetForm is null,
            at, "must have reset and reset_form together, or neither");
        ResetForm? form = entry?.ResetForm is { } named ? errors.Word(named, WireNames.Of<ResetForm>(), $"{at}.reset_form") : null;
        return new RateLimitHeaders(
            unit ?? default, window, Header(entry?.Limit, $"{at}.limit"), Header(entry?.Remaining, $"{at}.remaining"), Header(entry?.Reset, $"{at}.reset"), form);
    }

    private string? Header(string? name, string at)
    {
        errors.Check(name is null || TokenPattern.IsMatch(name), at, "must be the name of a header");
        return name?.ToLowerInvariant();
    }

    private string? Path(string? path, string at)
    {
        errors.Check(
            path is null || (PathPattern.IsMatch(path) && !path.Contains("..", StringComparison.Ordinal)),
            at, "must be a path relative to the base URL, e.g. models");
        return path;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    private static partial Regex TokenPattern { get; }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._/-]{0,126}$")]
    private static partial Regex PathPattern { get; }
}
