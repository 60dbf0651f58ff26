using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Freeway.Runner.Hosting.Settings;

/// <summary>Replaces <c>%Name%</c> in a trigger's attribute by the setting of that name.</summary>
internal static partial class SettingNames
{
    /// <exception cref="FunctionBindingException">The setting is missing or empty.</exception>
    public static string Resolve(string text, IConfiguration configuration) =>
        Reference.Replace(text, match => configuration[match.Groups[1].Value] is { Length: > 0 } value
            ? value
            : throw new FunctionBindingException($"the setting {match.Value} is missing"));

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Reference { get; }
}
