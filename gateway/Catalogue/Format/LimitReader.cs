using System.Text.RegularExpressions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Reads one limit of a plan.</summary>
internal sealed partial class LimitReader(CatalogueErrors errors, AmountReader amounts, ConditionReader conditions)
{
    /// <param name="billing">The plan's; null where it could not be read.</param>
    public PlanLimit Read(LimitEntry? entry, string at, string plan, Billing? billing)
    {
        entry ??= new LimitEntry();
        errors.Name(entry.Name, $"{at}.name");
        var unit = errors.Word(entry.Unit, LimitNames.Units, $"{at}.unit");
        var limit = new Limit(
            entry.Name ?? "",
            unit ?? default,
            Amount(entry, unit, at, plan),
            Window(entry, unit, at),
            errors.Word(entry.Scope, LimitNames.PlanScopes, $"{at}.scope") ?? default)
        {
            Zone = Zone(entry, at),
        };
        errors.Check(
            limit.Scope is not LimitScope.ModelGroup || entry.Models is not null,
            $"{at}.models", "must name the models that share the amount of scope 'model_group'");
        errors.Check(
            !limit.Scope.IsOfEndUser() || limit.Window is not LimitWindow.Lifetime,
            $"{at}.window",
            "must come to an end for the scopes of end users: their counters are deleted when they are idle");
        return new PlanLimit(limit)
        {
            Models = errors.Models(entry.Models, $"{at}.models"),
            When = conditions.Read(entry.When, $"{at}.when"),
            Amounts = [.. (entry.Amounts ?? []).Select((other, index) => Other(other, entry, unit, $"{at}.amounts[{index}]", plan))],
            Overflow = Overflow(entry, unit, at, billing),
        };
    }

    public LimitWindow Window(LimitEntry entry, LimitUnit? unit, string at)
    {
        if (unit is LimitUnit.ConcurrentRequests)
        {
            errors.Check(
                entry.Window is null,
                $"{at}.window", "must be left out: requests that are under way have no window");
            return LimitWindow.None;
        }

        return errors.Word(entry.Window, LimitNames.Windows, $"{at}.window") ?? default;
    }

    /// <summary>
    /// The zone that a window of a day, a week or a month follows; UTC where none is named, or none of that name is known.
    /// </summary>
    public TimeZoneInfo Zone(LimitEntry entry, string at)
    {
        if (entry.TimeZone is not { } name)
        {
            return TimeZoneInfo.Utc;
        }

        at = $"{at}.time_zone";
        var hasZone = LimitNames.Windows.Find(entry.Window ?? "")?.FollowsZone() is true;
        errors.Check(hasZone, at, "is for windows of a day, a week or a month");

        // The pattern keeps names that are paths away from the folder in which zones are looked for.
        if (ZonePattern.IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.Id == name)
        {
            return zone;
        }

        errors.Add(at, $"there is no time zone '{name}': it must be an IANA name such as America/Los_Angeles");
        return TimeZoneInfo.Utc;
    }

    private long Amount(LimitEntry entry, LimitUnit? unit, string at, string plan)
    {
        errors.Check(entry.AtMost is null or > 0, $"{at}.at_most", "must be above 0");
        return amounts.Read(entry.Amount, entry.AmountSetting, entry.AtMost, unit, at, Owner(entry, plan));
    }

    private ConditionalAmount Other(AmountEntry? other, LimitEntry entry, LimitUnit? unit, string at, string plan)
    {
        errors.Check(other?.When is not null, $"{at}.when", "must say for whom the amount is");
        return new ConditionalAmount(
            conditions.Read(other?.When, $"{at}.when") ?? new Condition(),
            amounts.Read(other?.Amount, other?.AmountSetting, entry.AtMost, unit, at, Owner(entry, plan)));
    }

    private List<Overflow> Overflow(LimitEntry entry, LimitUnit? unit, string at, Billing? billing)
    {
        at = $"{at}.overflow";
        if (entry.Overflow is not { } words)
        {
            return [Identity.Overflow.Reject];
        }

        var overflow = words
            .Select((word, index) => errors.Word(word, WireNames.Of<Overflow>(), $"{at}[{index}]"))
            .OfType<Overflow>()
            .ToList();
        errors.Check(words.Count > 0, at, "must name at least one way, or be left out for reject");
        errors.Check(overflow.Distinct().Count() == overflow.Count, at, "must name each way once");
        if (overflow.Contains(Identity.Overflow.Bill))
        {
            errors.Check(
                unit is null or LimitUnit.Tokens or LimitUnit.NanoDollars,
                at, "bill is for limits of tokens or usd");
            errors.Check(billing is not Billing.Free, at, "bill needs a plan whose billing is prepaid or postpaid");
        }

        return overflow;
    }

    private static string Owner(LimitEntry entry, string plan) => $"the limit '{entry.Name}' of the plan '{plan}'";

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}$")]
    private static partial Regex ZonePattern { get; }
}

/// <summary>Reads conditions, which say what an organisation must be.</summary>
internal sealed class ConditionReader(CatalogueErrors errors)
{
    /// <summary>Reads a condition; null where there is none.</summary>
    public Condition? Read(ConditionEntry? entry, string at)
    {
        if (entry is null)
        {
            return null;
        }

        errors.Check(entry != new ConditionEntry(), at, "must ask for something");
        errors.Check(entry.UserTier is null or { Length: > 0 }, $"{at}.user_tier", "must not be empty");
        return new Condition
        {
            Premium = entry.Premium,
            PhoneVerified = entry.PhoneVerified,
            NeverPaid = entry.NeverPaid,
            PurchasedAtLeastNanos = entry.PurchasedAtLeastUsd is { } usd ? errors.Nanos(usd, $"{at}.purchased_at_least_usd") : null,
            UserTier = entry.UserTier,
        };
    }
}
