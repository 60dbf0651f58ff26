using System.Globalization;
using System.Text.RegularExpressions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Reads one plan, in a catalogue or in a preset.</summary>
internal sealed partial class PlanReader(CatalogueErrors errors, Func<string, string?> setting)
{
    /// <summary>A week: what is older is rarely what a caller wants, and it is stored all that time.</summary>
    private const int MostCacheSeconds = 7 * 24 * 3600;

    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy-MM", "yyyy"];

    private readonly ConditionReader _conditions = new(errors);
    private readonly LimitReader _limits = new(errors, new AmountReader(errors, setting), new ConditionReader(errors));
    private readonly OriginChecks _origins = new(errors);

    /// <param name="sources">Those of the whole file.</param>
    public Plan Read(string name, PlanEntry? entry, string at, IReadOnlyList<PlanSource> sources)
    {
        errors.Name(name, at);
        errors.Check(name is not Account.CeilingPlan, at, "this name is taken by the spend ceilings");
        entry ??= new PlanEntry();
        errors.Check(entry.Version is null or >= 1, $"{at}.version", "must be at least 1");
        var billing = entry.Billing is null ? Billing.Free : errors.Word(entry.Billing, WireNames.Of<Billing>(), $"{at}.billing");
        var limits = (entry.Limits ?? []).Select((limit, index) => _limits.Read(limit, $"{at}.limits[{index}]", name, billing)).ToList();
        errors.Check(
            limits.Count > 0 || billing is not Billing.Free,
            $"{at}.limits", "at least one is needed where nobody pays");
        errors.Check(
            limits.DistinctBy(limit => limit.Limit.Name).Count() == limits.Count,
            $"{at}.limits", "names must differ");
        errors.Check(
            limits.Where(limit => limit.Overflow.Contains(Overflow.Bill)).Select(limit => limit.Limit.Unit).Distinct().Count() <= 1,
            $"{at}.limits", "gifts, those that overflow to bill, must be of one unit");
        errors.Check(
            entry.CachedInputPercent is null or (>= 0 and <= 100), $"{at}.cached_input_percent", "0 to 100");
        errors.Check(
            entry.CacheSeconds is null or (>= 0 and <= MostCacheSeconds),
            $"{at}.cache_seconds", $"0 to {MostCacheSeconds}");
        IReadOnlyList<PlanSource> allSources = [.. sources, .. Sources(entry.Sources, $"{at}.sources")];
        _origins.Check(entry, allSources, at);
        return new Plan(name, limits)
        {
            Version = entry.Version ?? 1,
            Description = entry.Description,
            Sources = allSources,
            Billing = billing ?? Billing.Free,
            Models = errors.Models(entry.Models, $"{at}.models"),
            Eligible = _conditions.Read(entry.Eligible, $"{at}.eligible"),
            Caps = [.. (entry.Caps ?? []).Select((caps, index) => ReadCaps(caps, $"{at}.caps[{index}]"))],
            Rates = [.. (entry.Rates ?? []).Select((rate, index) => ReadRate(rate, $"{at}.rates[{index}]"))],
            ChargeRejected = entry.ChargeRejected ?? true,
            CachedInputPercent = entry.CachedInputPercent ?? 100,
            CacheLasts = entry.CacheSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null,
            Dialect = entry.Dialect is null ? default : errors.Word(entry.Dialect, WireNames.Of<Dialect>(), $"{at}.dialect") ?? default,
            Purchases = ReadPurchases(entry.Purchases, $"{at}.purchases"),
        };
    }

    public IReadOnlyList<PlanSource> Sources(IReadOnlyList<SourceEntry?>? entries, string at) =>
        [.. (entries ?? []).Select((entry, index) => ReadSource(entry, $"{at}[{index}]"))];

    /// <summary>Reads a rate; the outcome is in millionths of a unit, per token and per request.</summary>
    public ComputeRate Rate(RateEntry entry, string at)
    {
        errors.Check(
            entry is not { Input: null, Output: null, Request: null },
            at, "must say what is taken: input, output or request");
        // A unit per million tokens is a millionth of one per token.
        return new ComputeRate(
            Micros(entry.Input, 1, $"{at}.input"), Micros(entry.Output, 1, $"{at}.output"), Micros(entry.Request, LimitUnit.MicroUnits.Scale(), $"{at}.request"));
    }

    private PlanRate ReadRate(RateEntry? entry, string at) =>
        new(errors.Models(entry?.Models, $"{at}.models"), Rate(entry ?? new RateEntry(), at));

    private long Micros(decimal? units, long scale, string at)
    {
        const int most = 1_000_000_000;
        var inRange = errors.Check(units is null or (>= 0 and <= most), at, $"must be 0 to {most}");
        return inRange && units is { } given ? errors.Whole(given, scale, at) : 0;
    }

    private PlanCaps ReadCaps(CapsEntry? entry, string at)
    {
        entry ??= new CapsEntry();
        var bounds = entry with { Models = null, Source = null, VerifiedOn = null };
        errors.Check(bounds != new CapsEntry(), at, "must bound something");
        var sizes = entry.ImageSizes ?? [];
        errors.Check(entry.ImageSizes is null || (sizes.Count > 0 && sizes.All(size => size is not null && SizePattern.IsMatch(size))), $"{at}.image_sizes", "must be sizes such as 512x512");
        return new PlanCaps(
            errors.Models(entry.Models, $"{at}.models"),
            new Caps
            {
                OutputTokens = Bound(entry.OutputTokens, $"{at}.output_tokens"),
                ContextTokens = Bound(entry.ContextTokens, $"{at}.context_tokens"),
                ImageInput = entry.ImageInput ?? true,
                Images = Bound(entry.Images, $"{at}.images"),
                ImageSizes = [.. sizes.OfType<string>()],
                ImageTokens = Bound(entry.ImageTokens, $"{at}.image_tokens"),
            });
    }

    private long? Bound(long? bound, string at)
    {
        errors.Check(bound is null or >= 1, at, "must be at least 1");
        return bound;
    }

    private PurchaseRules ReadPurchases(PurchasesEntry? entry, string at)
    {
        errors.Check(entry?.LeastUsd is null or > 0, $"{at}.least_usd", "must be above 0");
        errors.Check(entry?.PremiumFromUsd is null or > 0, $"{at}.premium_from_usd", "must be above 0");
        return new PurchaseRules(
            Math.Max(1, errors.Nanos(entry?.LeastUsd, $"{at}.least_usd")),
            entry?.PremiumFromUsd is { } premium ? errors.Nanos(premium, $"{at}.premium_from_usd") : null);
    }

    private PlanSource ReadSource(SourceEntry? entry, string at)
    {
        errors.Check(!string.IsNullOrWhiteSpace(entry?.Document), $"{at}.document", "is needed");
        errors.Check(!string.IsNullOrWhiteSpace(entry?.Fact), $"{at}.fact", "is needed");
        errors.Check(
            entry?.Date is "undated" || DateOnly.TryParseExact(entry?.Date, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            $"{at}.date", "must be a date such as 2026-01-31 or 2026-01, or undated");
        Uri? url = null;
        errors.Check(
            entry?.Url is null || Uri.TryCreate(entry.Url, UriKind.Absolute, out url),
            $"{at}.url", "must be an absolute URL, or left out");
        errors.Check(
            entry?.Id is null || CatalogueErrors.NamePattern.IsMatch(entry.Id),
            $"{at}.id", "must be lower-case letters, digits and dashes");
        return new PlanSource(entry?.Document ?? "", entry?.Date ?? "", url, entry?.Fact ?? "", entry?.Id);
    }

    [GeneratedRegex("^[1-9][0-9]{0,4}x[1-9][0-9]{0,4}$")]
    private static partial Regex SizePattern { get; }
}
