using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>
/// Private networking: a private endpoint for each service that the app calls, under the DNS zone that its name is
/// looked up in, and no public access beside it.
/// </summary>
internal static class NetworkContract
{
    private const string StorageSuffix = "environment().suffixes.storage";

    /// <summary>The DNS zone of each kind of endpoint.</summary>
    private static readonly Dictionary<string, string> Zones = new()
    {
        ["blob"] = $"[format('privatelink.blob.{{0}}', {StorageSuffix})]",
        ["table"] = $"[format('privatelink.table.{{0}}', {StorageSuffix})]",
        ["queue"] = $"[format('privatelink.queue.{{0}}', {StorageSuffix})]",
        ["namespace"] = "privatelink.servicebus.windows.net",
        ["vault"] = "privatelink.vaultcore.azure.net",
    };

    public static IEnumerable<Finding> Check(Deployment deployment)
    {
        var isPrivate = deployment.Site?.Text("properties.virtualNetworkSubnetId") is { Length: > 0 };
        var open = Services(deployment).Select(service => service.Resource).Distinct()
            .Where(service => service.Text("properties.publicNetworkAccess") != (isPrivate ? "Disabled" : "Enabled"))
            .Select(service => Wrong(service, "Public access must be where there are no private endpoints."));
        return isPrivate ? [.. open, .. CheckEndpoints(deployment), .. CheckSubnet(deployment)] : open;
    }

    /// <summary>What the app calls, with the kind of endpoint that each needs.</summary>
    private static IEnumerable<(Resource Resource, string Kind)> Services(Deployment deployment)
    {
        foreach (var account in deployment.Of("Microsoft.Storage/storageAccounts"))
        {
            foreach (var kind in (string[])["table", "blob", "queue"])
            {
                yield return (account, kind);
            }
        }

        foreach (var bus in deployment.Of("Microsoft.ServiceBus/namespaces"))
        {
            yield return (bus, "namespace");
        }

        foreach (var vault in deployment.Of("Microsoft.KeyVault/vaults"))
        {
            yield return (vault, "vault");
        }
    }

    private static IEnumerable<Finding> CheckEndpoints(Deployment deployment)
    {
        var endpoints = deployment.Of("Microsoft.Network/privateEndpoints").ToArray();
        foreach (var (service, kind) in Services(deployment))
        {
            var endpoint = endpoints.FirstOrDefault(endpoint => LeadsTo(endpoint, service, kind));
            if (endpoint is null)
            {
                yield return Wrong(service, $"No private endpoint leads to its {kind}.");
            }
            else if (Zone(deployment, endpoint) != Zones[kind])
            {
                yield return Wrong(endpoint, $"Its zone must be {Zones[kind]}.");
            }
        }
    }

    private static bool LeadsTo(Resource endpoint, Resource service, string kind)
    {
        const string Connection = "properties.privateLinkServiceConnections.0.properties";
        return endpoint.Text($"{Connection}.privateLinkServiceId") == service.Id
            && endpoint.Text($"{Connection}.groupIds.0") == kind;
    }

    /// <summary>The name of the DNS zone that an endpoint's address is kept in; null where there is none.</summary>
    private static string? Zone(Deployment deployment, Resource endpoint)
    {
        var id = deployment.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
            .FirstOrDefault(group => group.Id.StartsWith($"{endpoint.Id}/", StringComparison.Ordinal))
            ?.Text("properties.privateDnsZoneConfigs.0.properties.privateDnsZoneId");
        return deployment.Of("Microsoft.Network/privateDnsZones").FirstOrDefault(zone => zone.Id == id)?.Name;
    }

    private static IEnumerable<Finding> CheckSubnet(Deployment deployment)
    {
        var id = deployment.Site!.Text("properties.virtualNetworkSubnetId");
        var subnet = deployment.Of("Microsoft.Network/virtualNetworks/subnets").FirstOrDefault(made => made.Id == id);
        if (subnet?.Text("properties.delegations.0.properties.serviceName") is not "Microsoft.App/environments")
        {
            yield return Wrong(deployment.Site!, "Its subnet must be for Microsoft.App/environments.");
        }
    }

    private static Finding Wrong(Resource resource, string message) =>
        Finding.Contract(ContractRule.Network, resource.Name, message);
}
