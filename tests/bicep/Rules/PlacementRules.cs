using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>Where resources are, how they are named, and that they refer only to what is deployed.</summary>
internal static partial class PlacementRules
{
    /// <summary>What Azure keeps in no region. The linter forbids any other region that is written out.</summary>
    private static readonly string[] Worldwide =
    [
        "Microsoft.Insights/actionGroups",
        "Microsoft.Insights/metricAlerts",
        "Microsoft.Network/privateDnsZones",
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    ];

    public static IEnumerable<Finding> Check(Deployment deployment)
    {
        var ids = deployment.Resources.Select(resource => resource.Id).ToHashSet();
        foreach (var resource in deployment.Resources)
        {
            var isGlobal = resource.Text("location") is "global";
            if (isGlobal != Worldwide.Contains(resource.Type))
            {
                var place = isGlobal ? "a region" : "global";
                yield return Finding.Policy(PolicyRule.Location, resource.Name, $"Its location must be {place}.");
            }

            foreach (var id in Reference().Matches(resource.Json).Select(match => match.Groups["id"].Value).Except(ids))
            {
                var message = $"It refers to {id}, which {deployment.ParameterFile} does not deploy.";
                yield return Finding.Policy(PolicyRule.Reference, resource.Name, message);
            }
        }
    }

    /// <summary>Two environments share no name, but for DNS zones, whose names Azure gives.</summary>
    public static IEnumerable<Finding> Check(Deployment deployment, Deployment other) =>
        from resource in deployment.Resources
        where resource.Type is not "Microsoft.Network/privateDnsZones"
        where other.Of(resource.Type).Any(same => same.Name == resource.Name)
        select Finding.Policy(PolicyRule.Name, resource.Name, $"{other.ParameterFile} has one of this name too.");

    [GeneratedRegex(@"\breference\('(?<id>[^']+)'")]
    private static partial Regex Reference();
}
