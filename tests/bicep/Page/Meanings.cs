using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Freeway.Functions.Settings;

namespace Freeway.Bicep.Tests.Page;

/// <summary>What settings mean: the summaries of the options' properties, or words of our own for the others.</summary>
internal static partial class Meanings
{
    /// <summary>Those that the code reads one by one, with their defaults.</summary>
    private static readonly Dictionary<string, (string Meaning, string Default)> Single = new(StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage"] =
            ("Connection string of the storage account, e.g. `UseDevelopmentStorage=true`. Not on Azure.", ""),
        ["AzureWebJobsStorage__accountName"] =
            ("Name of the storage account, for an identity on the public cloud.", ""),
        ["AzureWebJobsStorage__clientId"] = ("Client id of the user-assigned identity for storage.", ""),
        ["AzureWebJobsStorage__tableServiceUri"] =
            ("Table endpoint of the storage account, for an identity; goes before `accountName`.", ""),
        ["ServiceBus"] = ("Connection string of the Service Bus namespace or its emulator. Not on Azure.", ""),
        ["ServiceBus__clientId"] = ("Client id of the user-assigned identity for the queue.", ""),
        ["ServiceBus__fullyQualifiedNamespace"] = ("The namespace with its domain, for an identity.", ""),
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] =
            ("Connection string of the Application Insights that traces, metrics and logs go to; none without it.", ""),
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] =
            ("Who signs in there: `ClientId=…;Authorization=AAD`, a managed identity; empty for nobody.", ""),
        ["ActivityQueueName"] = ("Queue for activity records.", ""),
        ["Freeway__CataloguePath"] = ("Catalogue file, from the program's folder or whole.", "catalogue.json"),
        ["Freeway__TablePrefix"] =
            ("Comes before every table name, so that several deployments can share an account.", ""),
    };

    private static readonly string[] Documents = ["Freeway.Gateway.xml", "Freeway.Functions.xml"];

    private static readonly Lazy<Dictionary<string, XElement>> Summaries = new(() => Documents
        .SelectMany(file => XDocument.Load(Path.Combine(AppContext.BaseDirectory, file)).Descendants("member"))
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!));

    /// <summary>
    /// The options' property that a setting is bound to, on a new instance; null for settings that are read one by one.
    /// </summary>
    public static (PropertyInfo Property, object Options)? Bound(string setting)
    {
        var name = setting.Split("__")[^1];
        var found = typeof(FreewaySettings).GetProperties()
            .Where(options => options.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(options => (Property: options.PropertyType.GetProperty(name)!, Options: options.PropertyType))
            .Where(pair => setting.StartsWith("Freeway__", StringComparison.Ordinal) && pair.Property is not null)
            .ToArray();
        return found.Length is 0 ? null : (found[0].Property, Activator.CreateInstance(found[0].Options)!);
    }

    public static (string Meaning, string Default) Of(string setting)
    {
        if (Single.TryGetValue(setting, out var known))
        {
            return known;
        }

        if (setting.StartsWith("Freeway__Upstreams__", StringComparison.Ordinal))
        {
            return ("Base URL of this upstream of the catalogue; goes before the one there.", "the catalogue's");
        }

        if (Bound(setting) is var (property, options))
        {
            return (Summary(property), Written(property.GetValue(options)));
        }

        // A catalogue names the settings of its keys and amounts itself.
        const string OfTheCatalogue =
            "Named by the catalogue: an upstream's key or a limit's amount. An upstream without its key is not called.";
        return (OfTheCatalogue, "");
    }

    private static string Summary(PropertyInfo property) =>
        Summaries.Value.TryGetValue($"P:{property.DeclaringType!.FullName}.{property.Name}", out var summary)
            ? Space().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim()
            : throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} has no summary.");

    private static string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
        XElement element => $"`{element.Value}`",
        _ => node.ToString(),
    };

    private static string Written(object? value) => value switch
    {
        null => "",
        TimeSpan time => time.ToString("c"),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, null),
        _ => value.ToString()!,
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
