using System.Text.RegularExpressions;
using Freeway.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace Freeway.Bicep.Tests.Page;

/// <summary>The bounds of a setting in the words of the check at start: it is given what cannot be right.</summary>
internal static partial class StartBounds
{
    private static readonly string[] Wrong =
        ["-1", "9223372036854775807", "2147483647", "-00:00:01", "100000.00:00:00", "-", new('x', 41), ""];

    /// <returns>Empty where any value will do.</returns>
    public static string Of(string setting) =>
        Wrong.Select(value => Refusal(setting, value)).FirstOrDefault(refusal => refusal is not null) ?? "";

    private static string? Refusal(string setting, string value)
    {
        var settings = CodeContract.LeastSettings
            .Where(pair => pair.Key != setting)
            .Append(KeyValuePair.Create(setting, (string?)value))
            .Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value));
        try
        {
            FreewaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            return null;
        }
        catch (InvalidSettingsException refused)
        {
            return refused.Errors.Where(error => Names(error, setting))
                .Select(error => Must().Match(error))
                .FirstOrDefault(must => must.Success)?.Groups[1].Value;
        }
    }

    /// <summary>An error names its setting whole, or its section and then the option.</summary>
    private static bool Names(string error, string setting)
    {
        if (error.StartsWith($"{setting}:", StringComparison.Ordinal))
        {
            return true;
        }

        var end = setting.LastIndexOf("__", StringComparison.Ordinal);
        return error.StartsWith($"{setting[..end]}:", StringComparison.Ordinal)
            && error.Contains(setting[(end + 2)..], StringComparison.Ordinal);
    }

    [GeneratedRegex(@"must be (?:from )?(.+?)(?:, written hh:mm:ss)?(?:, not [^,]+\.?)?$")]
    private static partial Regex Must();
}
