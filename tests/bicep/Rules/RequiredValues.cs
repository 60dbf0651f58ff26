using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>
/// The values that resources must have: keyless access, TLS 1.2, what Flex Consumption asks for. Azure leaves most of
/// its enumerations open, so the compiler lets a misspelt value pass; here it does not.
/// </summary>
internal static class RequiredValues
{
    private const string Any = "*";
    private const string None = "";

    /// <summary>By resource type and path: the values allowed, with bars between.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> Required = new()
    {
        ["Microsoft.Storage/storageAccounts"] = new()
        {
            ["kind"] = "StorageV2",
            ["sku.name"] = "Standard_LRS",
            ["properties.accessTier"] = "Hot",
            ["properties.allowSharedKeyAccess"] = "false",
            ["properties.allowBlobPublicAccess"] = "false",
            ["properties.defaultToOAuthAuthentication"] = "true",
            ["properties.minimumTlsVersion"] = "TLS1_2",
            ["properties.supportsHttpsTrafficOnly"] = "true",
            ["properties.publicNetworkAccess"] = "Enabled|Disabled",
            ["properties.networkAcls.defaultAction"] = "Allow|Deny",
            ["properties.networkAcls.bypass"] = "AzureServices",
        },
        ["Microsoft.Storage/storageAccounts/blobServices/containers"] = new() { ["properties.publicAccess"] = "None" },
        ["Microsoft.ServiceBus/namespaces"] = new()
        {
            ["properties.disableLocalAuth"] = "true",
            ["properties.minimumTlsVersion"] = "1.2",
            ["properties.publicNetworkAccess"] = "Enabled|Disabled",
            ["sku.name"] = "Standard|Premium",
            ["sku.tier"] = "Standard|Premium",
        },
        ["Microsoft.ServiceBus/namespaces/queues"] = new()
        {
            ["properties.requiresDuplicateDetection"] = "true",
            ["properties.duplicateDetectionHistoryTimeWindow"] = "PT10M",
            ["properties.deadLetteringOnMessageExpiration"] = "true",
            ["properties.defaultMessageTimeToLive"] = "P14D",
            // The code renews a lock every 20 seconds, and gives a message back after eight minutes.
            ["properties.lockDuration"] = "PT1M",
            ["properties.maxDeliveryCount"] = "10",
            ["properties.maxSizeInMegabytes"] = "5120",
            ["properties.enableBatchedOperations"] = "true",
            ["properties.requiresSession"] = "false",
        },
        ["Microsoft.KeyVault/vaults"] = new()
        {
            ["properties.sku.family"] = "A",
            ["properties.sku.name"] = "standard",
            ["properties.enableRbacAuthorization"] = "true",
            ["properties.enablePurgeProtection"] = "true",
            ["properties.enableSoftDelete"] = "true",
            ["properties.softDeleteRetentionInDays"] = "90",
            ["properties.accessPolicies"] = None,
            ["properties.publicNetworkAccess"] = "Enabled|Disabled",
            ["properties.networkAcls.defaultAction"] = "Allow|Deny",
            ["properties.networkAcls.bypass"] = "AzureServices",
        },
        ["Microsoft.Authorization/roleAssignments"] = new()
        {
            // Without it a role for a new identity fails until the directory knows the identity everywhere.
            ["properties.principalType"] = "User|Group|ServicePrincipal",
        },
        ["Microsoft.OperationalInsights/workspaces"] = new()
        {
            ["properties.features.disableLocalAuth"] = "true",
            ["properties.sku.name"] = "PerGB2018",
        },
        ["Microsoft.Insights/components"] = new()
        {
            ["kind"] = "web",
            ["properties.Application_Type"] = "web",
            ["properties.DisableLocalAuth"] = "true",
            ["properties.WorkspaceResourceId"] = Any,
        },
        ["Microsoft.Web/serverfarms"] = new()
        {
            ["kind"] = "functionapp",
            ["sku.name"] = "FC1",
            ["sku.tier"] = "FlexConsumption",
            ["properties.reserved"] = "true",
        },
        ["Microsoft.Web/sites"] = new()
        {
            ["kind"] = "functionapp,linux",
            ["identity.type"] = "UserAssigned",
            ["identity.userAssignedIdentities"] = Any,
            ["properties.serverFarmId"] = Any,
            ["properties.keyVaultReferenceIdentity"] = Any,
            ["properties.httpsOnly"] = "true",
            ["properties.publicNetworkAccess"] = "Enabled",
            ["properties.clientAffinityEnabled"] = "false",
            ["properties.functionAppConfig.runtime.name"] = "dotnet-isolated",
            ["properties.functionAppConfig.deployment.storage.type"] = "blobContainer",
            ["properties.functionAppConfig.deployment.storage.authentication.type"] = "UserAssignedIdentity",
            ["properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"] = Any,
            ["properties.functionAppConfig.siteUpdateStrategy.type"] = "RollingUpdate|Recreate",
            ["properties.siteConfig.http20Enabled"] = "true",
            ["properties.siteConfig.minTlsVersion"] = "1.2",
            ["properties.siteConfig.scmMinTlsVersion"] = "1.2",
            ["properties.siteConfig.ftpsState"] = "Disabled",
            // Flex Consumption refuses these three.
            ["properties.siteConfig.linuxFxVersion"] = None,
            ["properties.siteConfig.alwaysOn"] = None,
            ["properties.siteConfig.netFrameworkVersion"] = None,
        },
        ["Microsoft.Consumption/budgets"] = new()
        {
            ["properties.category"] = "Cost",
            ["properties.timeGrain"] = "Monthly",
        },
        ["Microsoft.Insights/metricAlerts"] = new()
        {
            ["properties.enabled"] = "true",
            ["properties.evaluationFrequency"] = "PT5M",
            ["properties.criteria.allOf.0.operator"] = "GreaterThan",
            ["properties.criteria.allOf.0.timeAggregation"] = "Maximum|Total",
        },
        ["Microsoft.Insights/scheduledQueryRules"] = new()
        {
            ["kind"] = "LogAlert",
            ["properties.enabled"] = "true",
            ["properties.severity"] = "2",
            ["properties.evaluationFrequency"] = "PT5M|PT1H",
            ["properties.windowSize"] = "PT5M|PT15M|P2D",
            ["properties.skipQueryValidation"] = "true",
            ["properties.autoMitigate"] = "true",
            ["properties.criteria.allOf.0.timeAggregation"] = "Maximum",
            ["properties.criteria.allOf.0.operator"] = "GreaterThan",
            ["properties.criteria.allOf.0.threshold"] = Any,
            ["properties.criteria.allOf.0.failingPeriods.numberOfEvaluationPeriods"] = Any,
            ["properties.criteria.allOf.0.failingPeriods.minFailingPeriodsToAlert"] = Any,
        },
        ["Microsoft.Network/privateDnsZones/virtualNetworkLinks"] = new()
        {
            ["properties.registrationEnabled"] = "false",
            ["properties.virtualNetwork.id"] = Any,
        },
        ["Microsoft.Network/privateEndpoints"] = new() { ["properties.subnet.id"] = Any },
        ["Microsoft.Network/virtualNetworks"] = new() { ["properties.addressSpace.addressPrefixes.0"] = Any },
        ["Microsoft.Network/virtualNetworks/subnets"] = new() { ["properties.addressPrefix"] = Any },
    };

    public static IEnumerable<Finding> Check(Deployment deployment) =>
        from resource in deployment.Resources
        where Required.ContainsKey(resource.Type)
        from required in Required[resource.Type]
        let value = resource.Text(required.Key)
        where !IsAllowed(value, required.Value)
        select Finding.Policy(PolicyRule.Value, resource.Name, Message(required.Key, required.Value, value));

    private static bool IsAllowed(string? value, string allowed) => allowed switch
    {
        None => value is null,
        Any => value is not (null or "" or "{}"),
        _ => value is not null && allowed.Split('|').Contains(value),
    };

    private static string Message(string path, string allowed, string? value) => allowed switch
    {
        None => $"{path} must not be there.",
        Any => $"{path} is needed.",
        _ => $"{path} must be {allowed.Replace("|", " or ", StringComparison.Ordinal)}, not {value ?? "left out"}.",
    };
}
