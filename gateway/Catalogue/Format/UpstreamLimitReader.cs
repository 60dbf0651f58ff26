using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Reads the limits of an upstream: those of a plan, without what depends on who asks.</summary>
internal sealed class UpstreamLimitReader(CatalogueErrors errors, LimitReader limits, AmountReader amounts, Func<string, string?> setting)
{
    /// <param name="models">Those that the catalogue has from this upstream, as it names them.</param>
    /// <param name="ready">Whether it will be called; where not, amounts that are settings may be missing.</param>
    public IReadOnlyList<PlanLimit> Read(IReadOnlyList<LimitEntry?>? entries, string at, string upstream, IReadOnlyList<string> models, bool ready)
    {
        var read = (entries ?? []).Select((entry, index) => Read(entry ?? new LimitEntry(), $"{at}[{index}]", upstream, models, ready)).OfType<PlanLimit>().ToList();
        errors.Check(read.DistinctBy(limit => limit.Limit.Name).Count() == read.Count, at, "names must differ");
        return read;
    }

    private PlanLimit? Read(LimitEntry entry, string at, string upstream, IReadOnlyList<string> models, bool ready)
    {
        errors.Name(entry.Name, $"{at}.name");
        errors.Check(
            entry.When is null && entry.Amounts is null && entry.Overflow is null,
            at, "a limit of an upstream has no when, no amounts and no overflow");
        var unit = errors.Word(entry.Unit, LimitNames.Units, $"{at}.unit");
        var scope = errors.Word(entry.Scope, LimitNames.UpstreamScopes, $"{at}.scope");
        var window = limits.Window(entry, unit, at);
        var counted = errors.Models(entry.Models, $"{at}.models");
        errors.Check(entry.AtMost is null or > 0, $"{at}.at_most", "must be above 0");
        var isNeeded = ready && models.Any(counted.Contains);
        if (!isNeeded && entry.Amount is null && entry.AmountSetting is { Length: > 0 } name && setting(AmountReader.Key(name)) is null or "")
        {
            return null;
        }

        var amount = amounts.Read(entry.Amount, entry.AmountSetting, entry.AtMost, unit, at, $"the limit '{entry.Name}' of the upstream '{upstream}'");
        return new PlanLimit(new Limit(entry.Name ?? "", unit ?? default, amount, window, scope ?? default) { Zone = limits.Zone(entry, at) })
        {
            Models = counted,
        };
    }
}
