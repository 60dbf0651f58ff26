using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Catalogue;

/// <summary>Reads <c>catalogue.json</c> and checks it: all errors at once, each with the place it is at.</summary>
/// <param name="setting">Looks up a setting by name, e.g. an upstream's key; null where it is not set.</param>
public sealed partial class CatalogueReader(Func<string, string?> setting)
{
    private readonly List<string> _errors = [];

    /// <summary>What is wrong with the catalogue read last; empty when it can be used.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The catalogue, or null with <see cref="Errors"/> filled.</summary>
    public CatalogueSnapshot? Read(ReadOnlySpan<byte> json)
    {
        _errors.Clear();
        CatalogueDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, CatalogueJson.Default.CatalogueDocument);
        }
        catch (JsonException error)
        {
            _errors.Add($"{error.Path ?? "$"}: {error.Message}");
            return null;
        }

        if (document is null || document.Version is not 1)
        {
            _errors.Add("version: must be 1");
            return null;
        }

        var upstreams = (document.Upstreams ?? new Dictionary<string, UpstreamEntry>()).Select(pair => ReadUpstream(pair.Key, pair.Value)).ToList();
        var plans = (document.Plans ?? new Dictionary<string, PlanEntry>()).Select(pair => ReadPlan(pair.Key, pair.Value)).ToList();
        var models = (document.Models ?? []).Select((entry, index) => ReadModel(entry, $"models[{index}]", document)).ToList();
        Check(models.Count > 0, "models: at least one is needed");
        foreach (var twice in models.GroupBy(model => model.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            _errors.Add($"models: '{twice.Key}' is there {twice.Count()} times");
        }

        return _errors.Count is 0 ? new CatalogueSnapshot(models, plans, upstreams) : null;
    }

    private Upstream ReadUpstream(string name, UpstreamEntry? entry)
    {
        var at = $"upstreams.{name}";
        Check(NamePattern.IsMatch(name), $"{at}: a name is lower-case letters, digits and dashes");
        var text = setting($"Freeway:Upstreams:{name}:BaseUrl") ?? entry?.BaseUrl;
        Check(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", $"{at}.base_url: must be an absolute http or https URL");
        Check(url is null || url.Scheme is "https" || url.IsLoopback, $"{at}.base_url: must be https, except on loopback");
        var key = entry?.KeySetting is { } keySetting ? setting(keySetting) : null;
        return new Upstream(name, url ?? new Uri("http://127.0.0.1"), key, entry?.KeySetting is null || !string.IsNullOrEmpty(key));
    }

    private Plan ReadPlan(string name, PlanEntry? entry)
    {
        var at = $"plans.{name}";
        Check(NamePattern.IsMatch(name), $"{at}: a name is lower-case letters, digits and dashes");
        var limits = (entry?.Limits ?? []).Select((limit, index) => ReadLimit(limit, $"{at}.limits[{index}]")).ToList();
        Check(limits.Count > 0, $"{at}.limits: at least one is needed");
        Check(limits.DistinctBy(limit => limit.Name).Count() == limits.Count, $"{at}.limits: names must differ");
        return new Plan(name, [.. limits.Select(limit => new PlanLimit(limit))]);
    }

    private Limit ReadLimit(LimitEntry? entry, string at)
    {
        Check(entry?.Name is { } name && NamePattern.IsMatch(name), $"{at}.name: lower-case letters, digits and dashes");
        Check(entry?.Unit is LimitUnit.Requests, $"{at}.unit: must be 'requests'");
        Check(entry?.Amount is >= 1, $"{at}.amount: must be at least 1");
        Check(entry?.Window is not null, $"{at}.window: is needed, e.g. 'day'");
        Check(entry?.Scope is not null, $"{at}.scope: is needed, e.g. 'org_model'");
        return new Limit(entry?.Name ?? "", entry?.Unit ?? default, entry?.Amount ?? 1, entry?.Window ?? default, entry?.Scope ?? default);
    }

    private Model ReadModel(ModelEntry? entry, string at, CatalogueDocument document)
    {
        var id = entry?.Id ?? "";
        Check(id.Length is >= 1 and <= 200 && !id.Any(char.IsControl), $"{at}.id: 1 to 200 characters");
        Check(!Slug.Parse(id).Accepted(out var slug, out _) || slug.Variant is Variant.None, $"{at}.id: must not end in :free or :flex");
        Check(entry?.ContextLength is >= 1, $"{at}.context_length: must be at least 1");
        Check(entry?.Free is not { Enabled: true, Plan: null }, $"{at}.free.plan: is needed where free is enabled");
        Check(entry?.Free?.Plan is not { } plan || document.Plans?.ContainsKey(plan) is true, $"{at}.free.plan: there is no plan '{entry?.Free?.Plan}'");
        Check(entry?.FlexPercent is null or (>= 0 and <= 100), $"{at}.flex_percent: 0 to 100");
        Check(entry?.Routes is { Count: > 0 }, $"{at}.routes: at least one is needed");
        var routes = (entry?.Routes ?? []).Select((route, index) => ReadRoute(route, $"{at}.routes[{index}]", document)).ToList();
        return new Model(
            id, entry?.Name ?? id, entry?.ContextLength ?? 1, ReadPrice(entry?.UsdPerMillionTokens, at), entry?.Free?.Plan, entry?.Free?.Enabled ?? false, routes)
        {
            Enabled = entry?.Enabled ?? true,
            FlexPercent = entry?.FlexPercent,
            Created = entry?.Created ?? 0,
        };
    }

    private ModelRoute ReadRoute(RouteEntry? route, string at, CatalogueDocument document)
    {
        Check(!string.IsNullOrEmpty(route?.Model), $"{at}.model: the model's name at the upstream is needed");
        Check(route?.Upstream is { } name && document.Upstreams?.ContainsKey(name) is true, $"{at}.upstream: there is no upstream '{route?.Upstream}'");
        return new ModelRoute(route?.Upstream ?? "", route?.Model ?? "");
    }

    private Price ReadPrice(PriceEntry? entry, string at)
    {
        Check(entry?.Input is >= 0 and <= 1_000_000 && entry.Output is >= 0 and <= 1_000_000, $"{at}.usd_per_million_tokens: input and output from 0 to 1000000 are needed");
        return _errors.Count > 0 ? Price.Zero : new Price((long)(entry!.Input!.Value * Money.NanosPerDollar), (long)(entry.Output!.Value * Money.NanosPerDollar));
    }

    private void Check(bool holds, string error)
    {
        if (!holds)
        {
            _errors.Add(error);
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex NamePattern { get; }
}
