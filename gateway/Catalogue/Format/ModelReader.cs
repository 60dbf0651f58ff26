using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Reads one model of the catalogue.</summary>
internal sealed class ModelReader(CatalogueErrors errors, CatalogueDocument document, IReadOnlyList<Upstream> upstreams)
{
    public Model Read(ModelEntry? entry, string at)
    {
        var id = entry?.Id ?? "";
        errors.Check(
            id.Length is >= 1 and <= 200 && !id.Any(sign => sign is '*' or '?' or '!' or '\\' || char.IsControl(sign)), $"{at}.id",
            "1 to 200 characters, none of them * ? ! or \\");
        errors.Check(
            !id.Equals(ModelCatalogue.Auto, StringComparison.OrdinalIgnoreCase),
            $"{at}.id", $"'{ModelCatalogue.Auto}' is taken: '{ModelCatalogue.Auto}:free' stands for any free model");
        errors.Check(
            !Slug.Parse(id).Accepted(out var slug, out _) || slug.Variant is Variant.None,
            $"{at}.id", "must not end in :free or :flex");
        errors.Check(entry?.ContextLength is >= 1, $"{at}.context_length", "must be at least 1");
        errors.Check(entry?.MaxOutputTokens is null or >= 1, $"{at}.max_output_tokens", "must be at least 1");
        errors.Check(
            entry?.Free is not { Enabled: true, Plan: null },
            $"{at}.free.plan", "is needed where free is enabled");
        errors.Check(entry?.FlexPercent is null or (>= 0 and <= 100), $"{at}.flex_percent", "0 to 100");
        errors.Check(entry?.ImageTokens is null or >= 1, $"{at}.image_tokens", "must be at least 1");
        errors.Check(entry?.Routes is { Count: > 0 }, $"{at}.routes", "at least one is needed");
        var routes = ReadRoutes(entry?.Routes ?? [], $"{at}.routes");
        return new Model(
            id, entry?.Name ?? id, entry?.ContextLength ?? 1, ReadPrice(entry, at),
            entry?.Free?.Plan, entry?.Free?.Enabled ?? false, routes)
        {
            Enabled = entry?.Enabled ?? true,
            FlexPercent = entry?.FlexPercent,
            Created = entry?.Created ?? 0,
            MaxOutputTokens = entry?.MaxOutputTokens,
            ImageTokens = entry?.ImageTokens,
            NanosPerImage = errors.Nanos(entry?.UsdPerImage, $"{at}.usd_per_image"),
            Dialect = entry?.Dialect is { } dialect ? errors.Word(dialect, WireNames.Of<Dialect>(), $"{at}.dialect") : null,
            Surfaces = entry?.Surfaces is { } paths ? [.. paths.Select((path, index) => ReadSurface(path, $"{at}.surfaces[{index}]")).OfType<Surface>()] : null,
        };
    }

    private Surface? ReadSurface(string? path, string at)
    {
        var surface = path is null ? null : Surface.At(path);
        errors.Check(surface is not null, at, $"must be one of {string.Join(", ", Surface.All)}");
        return surface;
    }

    private List<ModelRoute> ReadRoutes(IReadOnlyList<RouteEntry?> entries, string at)
    {
        var routes = entries.Select((entry, index) => (Route: ReadRoute(entry, $"{at}[{index}]"), IsStandIn: entry?.StandIn is true)).ToList();
        var real = routes.Where(each => !each.IsStandIn).Select(each => each.Route).ToList();
        return real.Exists(route => upstreams.Any(upstream => upstream.Ready && upstream.Name == route.Upstream)) ? real : [.. routes.Select(each => each.Route)];
    }

    private ModelRoute ReadRoute(RouteEntry? route, string at)
    {
        errors.Check(!string.IsNullOrEmpty(route?.Model), $"{at}.model", "the model's name at the upstream is needed");
        errors.Check(
            route?.Upstream is { } name && document.Upstreams?.ContainsKey(name) is true,
            $"{at}.upstream", $"there is no upstream '{route?.Upstream}'");
        errors.Check(route?.Weight is null or (>= 0 and <= 1_000_000), $"{at}.weight", "0 to 1000000");
        errors.Check(route?.ContextLength is null or >= 1, $"{at}.context_length", "must be at least 1");
        return new ModelRoute(route?.Upstream ?? "", route?.Model ?? "")
        {
            Weight = route?.Weight,
            ContextLength = route?.ContextLength,
            Tools = route?.Tools ?? true,
            Vision = route?.Vision ?? true,
        };
    }

    private Price ReadPrice(ModelEntry? entry, string at) => ReadTokenPrice(entry, $"{at}.usd_per_million_tokens") with
    {
        CharactersPerMillion = errors.Nanos(entry?.UsdPerMillionCharacters, $"{at}.usd_per_million_characters"),
        AudioMinute = errors.Nanos(entry?.UsdPerAudioMinute, $"{at}.usd_per_audio_minute"),
    };

    /// <summary>A model that is priced by its sound alone needs none.</summary>
    private Price ReadTokenPrice(ModelEntry? entry, string at)
    {
        if (entry is { UsdPerMillionTokens: null, UsdPerMillionCharacters: not null } or { UsdPerMillionTokens: null, UsdPerAudioMinute: not null })
        {
            return Price.Zero;
        }

        var price = entry?.UsdPerMillionTokens;
        if (!errors.Check(price?.Input is >= 0 and <= 1_000_000 && price.Output is >= 0 and <= 1_000_000, at, "input and output from 0 to 1000000 are needed"))
        {
            return Price.Zero;
        }

        // What is held on an account is held at the price of input that is not cached: it must be enough.
        errors.Check(price!.CachedInput is null || (price.CachedInput >= 0 && price.CachedInput <= price.Input), $"{at}.cached_input", "must be from 0 to the price of input");
        return new Price(errors.Nanos(price.Input, $"{at}.input"), errors.Nanos(price.Output, $"{at}.output"))
        {
            CachedInputPerMillion = price.CachedInput is null ? null : errors.Nanos(price.CachedInput, $"{at}.cached_input"),
        };
    }
}
