using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Administration;

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
        var unit = fields.Word("unit", WireNames.Of<LimitUnit>());
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

    /// <summary>What a limit is called that was given no name, e.g. <c>requests-per-day</c>.</summary>
    private static string Name(LimitUnit unit, string? window, LimitScope scope) =>
        unit.WireName().Replace('_', '-') + (window is null ? "" : $"-per-{window.Replace('_', '-')}") + (scope is LimitScope.KeyModel ? "-per-model" : "");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex NamePattern { get; }
}
