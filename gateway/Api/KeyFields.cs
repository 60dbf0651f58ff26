using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>
/// Reads an API key, or what is to change about one: what is left out stays, what is null is taken away.
/// </summary>
internal static class KeyFields
{
    private static readonly Dictionary<long, HardRefusal> Statuses =
        Enum.GetValues<HardRefusal>().ToDictionary(refusal => (long)refusal.Status());

    /// <summary>The key as it shall be.</summary>
    public static ApiKey Read(FieldReader fields, ApiKey was, DateTimeOffset now)
    {
        var (expires, overflow, ceiling) = (
            fields.Time("expires_at"), fields.Overflow(), fields.Usd("monthly_ceiling_usd"));
        var (models, limits) = (fields.Models("allowed_models"), fields.Limits(was.Limits ?? []));
        var key = was with
        {
            Label = fields.Needed("label", fields.Text("label", AdminFields.LongestName), was.Label),
            Disabled = fields.Needed("disabled", fields.Flag("disabled"), was.Disabled) ?? false,
            ExpiresAt = fields.Has("expires_at") ? expires : was.ExpiresAt,
            Overflow = fields.Has("overflow") ? overflow : was.Overflow,
            MonthlyCeilingNanos = fields.Has("monthly_ceiling_usd") ? ceiling : was.MonthlyCeilingNanos,
            HardRefusal = Status(fields) ?? was.HardRefusal,
            AllowedModels = fields.Has("allowed_models") ? models : was.AllowedModels,
            Limits = fields.Has("limits") ? (limits is { Count: > 0 } ? limits : null) : was.Limits,
            DeletedAt = fields.DeletedAt(was.DeletedAt, now),
        };
        fields.Close();
        return key;
    }

    private static HardRefusal? Status(FieldReader fields)
    {
        if (fields.Whole("refusal_status", 400, 499) is not { } status)
        {
            return null;
        }

        if (Statuses.TryGetValue(status, out var refusal))
        {
            return refusal;
        }

        fields.Add("refusal_status", $"must be one of {string.Join(", ", Statuses.Keys)}");
        return null;
    }
}

/// <summary>Reads a key's own limits.</summary>
internal static partial class LimitFields
{
    private const int Most = 20;
    private const decimal MostConcurrent = 100;

    /// <param name="was">Those that it has now: under one name always the same is counted.</param>
    public static IReadOnlyList<KeyLimit>? Limits(this FieldReader fields, IReadOnlyList<KeyLimit> was)
    {
        if (fields.Objects("limits", Most) is not { } entries)
        {
            return null;
        }

        var wrong = fields.Errors.Count;
        var limits = entries.Select(Read).ToList();
        if (fields.Errors.Count > wrong)
        {
            return limits;
        }

        foreach (var twice in limits.GroupBy(limit => limit.Name).Where(group => group.Count() > 1))
        {
            fields.Add("limits", $"has two of the name '{twice.Key}'; give each a name of its own");
        }

        foreach (var limit in limits)
        {
            if (was.FirstOrDefault(other => other.Name == limit.Name) is { } old && (old.Unit, old.Window, old.Scope) != (limit.Unit, limit.Window, limit.Scope))
            {
                fields.Add("limits", $"has '{limit.Name}', which counts {old.Unit} per {old.Window ?? "moment"} and {old.Scope}; give another name to what is counted otherwise");
            }
        }

        return limits;
    }

    private static KeyLimit Read(FieldReader fields)
    {
        fields.Require("unit");
        fields.Require("amount");
        var unit = fields.Word("unit", LimitNames.Units);
        var amount = Amount(fields, unit);
        var scope = fields.Word("scope", LimitNames.KeyScopes) ?? LimitScope.Key;
        var window = Window(fields, unit);
        var name = fields.Text("name", 63, NamePattern.IsMatch, "must be lower-case letters, digits and dashes");
        var counted = unit ?? default;
        var limit = new KeyLimit(
            name ?? Name(counted, window, scope), counted.WireName(), amount, window, scope.WireName())
        {
            Models = fields.Models("models"),
        };
        fields.Close();
        return limit;
    }

    private static string? Window(FieldReader fields, LimitUnit? unit)
    {
        if (unit is LimitUnit.ConcurrentRequests)
        {
            if (fields.Element("window") is not null)
            {
                fields.Add("window", "must be left out: requests that are under way have no window");
            }

            return null;
        }

        fields.Require("window");
        return fields.Word("window", LimitNames.Windows)?.WireName();
    }

    private static decimal Amount(FieldReader fields, LimitUnit? unit)
    {
        if (fields.Element("amount") is not { } value || unit is not { } known)
        {
            return 0;
        }

        var most = known is LimitUnit.ConcurrentRequests ? MostConcurrent : long.MaxValue / (decimal)known.Scale();
        if (value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out var amount) && amount > 0 && amount <= most
            && amount * known.Scale() == decimal.Truncate(amount * known.Scale()))
        {
            return amount;
        }

        fields.Add("amount", known.Scale() is 1
            ? $"must be a whole number above 0, at most {most:0}"
            : $"must be a number above 0, in steps of 1/{known.Scale()}");
        return 0;
    }

    /// <summary>Makes a name for a limit that was given none, e.g. <c>requests-per-day</c>.</summary>
    private static string Name(LimitUnit unit, string? window, LimitScope scope) =>
        unit.WireName().Replace('_', '-') + (window is null ? "" : $"-per-{window.Replace('_', '-')}") + (
            scope is LimitScope.KeyModel ? "-per-model" : "");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex NamePattern { get; }
}
