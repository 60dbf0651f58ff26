using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>Bad parameters are refused before a deployment; <c>main.bicepparam</c> changes no default.</summary>
internal static partial class ParameterRules
{
    public static IEnumerable<Finding> Check(Template main) =>
        main.All().SelectMany(Unbounded).Concat(main.All().SelectMany(Unlisted));

    /// <summary>
    /// <c>main.bicepparam</c> was compiled with no more in the environment than what azd always sets, so a parameter
    /// that has a default must have come to that default.
    /// </summary>
    public static IEnumerable<Finding> CheckDefaults(Template main, string parameters)
    {
        using var document = JsonDocument.Parse(parameters);
        foreach (var given in document.RootElement.GetProperty("parameters").EnumerateObject())
        {
            var value = given.Value.GetProperty("value");
            var hasDefault = main.Parameters[given.Name].TryGetProperty("defaultValue", out var expected);
            if (hasDefault && !JsonElement.DeepEquals(value, expected))
            {
                var message = $"{given.Name} falls back to {value}, and to {expected} in main.bicep.";
                yield return Finding.Contract(ContractRule.ParameterFile, "main.bicepparam", message);
            }
        }
    }

    private static IEnumerable<Finding> Unbounded(Template template) =>
        from parameter in template.Parameters
        where parameter.Value.GetProperty("type").GetString() is "int"
        where !Has(parameter.Value, "minValue") && !Has(parameter.Value, "allowedValues")
        select Finding.Policy(PolicyRule.Bounds, template.Name, $"{parameter.Key} has no least value.");

    /// <summary>A parameter that is handed to a module's list of allowed values needs such a list of its own.</summary>
    private static IEnumerable<Finding> Unlisted(Template template) =>
        from module in template.Modules
        from parameter in module.Template.Parameters
        where Has(parameter.Value, "allowedValues")
        let handed = HandedOn().Match(module.Given(parameter.Key) ?? "").Groups["name"].Value
        where handed.Length > 0 && !Has(template.Parameters[handed], "allowedValues")
        let message = $"{handed} does not say what {module.Template.Name} allows."
        select Finding.Policy(PolicyRule.Bounds, template.Name, message);

    private static bool Has(JsonElement parameter, string name) => parameter.TryGetProperty(name, out _);

    [GeneratedRegex(@"^\[parameters\('(?<name>\w+)'\)\]$")]
    private static partial Regex HandedOn();
}
