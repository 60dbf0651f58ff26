using System.Globalization;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Reads a limit's amounts: from the file, or from a setting that goes before it.</summary>
/// <param name="setting">Looks up a setting by name; null where it is not set.</param>
internal sealed class AmountReader(CatalogueErrors errors, Func<string, string?> setting)
{
    private const long MostConcurrent = 100;

    /// <summary>Gives the key of a setting by its name, in which <c>__</c> is the separator of sections.</summary>
    public static string Key(string setting) => setting.Replace("__", ":", StringComparison.Ordinal);

    /// <param name="name">Of the setting, or null.</param>
    /// <param name="unit">Null where it could not be read.</param>
    /// <param name="owner">Whose amount it is, for whoever has to set it.</param>
    /// <returns>In the unit as it is counted.</returns>
    public long Read(decimal? amount, string? name, decimal? atMost, LimitUnit? unit, string at, string owner)
    {
        var place = $"{at}.amount";
        if (name is not null)
        {
            place = $"{at}.amount_setting";
            if (!errors.Check(name.Length > 0, place, "must name a setting"))
            {
                return 0;
            }

            if (setting(Key(name)) is { Length: > 0 } text)
            {
                place += $": the setting {name}";
                if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var set))
                {
                    errors.Add(place, $"must be a number, not '{text}'");
                    return 0;
                }

                amount = set;
            }
            else if (amount is null)
            {
                errors.Add(place, $"the setting {name} is needed: it is the amount of {owner}");
                return 0;
            }
        }

        if (!errors.Check(amount is > 0, place, "must be above 0") || unit is not { } known)
        {
            return 0;
        }

        errors.Check(atMost is null || amount <= atMost, place, $"must be at most {atMost}");
        var whole = errors.Whole(amount!.Value, known.Scale(), place);
        errors.Check(
            known is not LimitUnit.ConcurrentRequests || whole is <= MostConcurrent,
            place, $"must be at most {MostConcurrent}");
        return whole;
    }
}
