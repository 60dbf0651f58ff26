using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>The least roles, each on the resource that it is for, under a name that stays the same.</summary>
internal static partial class RoleRules
{
    /// <summary>The role definitions that may be assigned, by the type of the resource.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Microsoft.Storage/storageAccounts"] =
        [
            "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", // Storage Table Data Contributor
            "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", // Storage Blob Data Owner
        ],
        ["Microsoft.ServiceBus/namespaces/queues"] = ["090c5cfd-751d-490a-894a-3ce6f1109419"], // Service Bus Data Owner
        ["Microsoft.KeyVault/vaults"] =
        [
            "4633458b-17de-408a-b874-0445c86b69e6", // Key Vault Secrets User
            "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", // Key Vault Secrets Officer
        ],
        ["Microsoft.Insights/components"] = ["3913510d-42f4-4e42-8a64-420c390055eb"], // Monitoring Metrics Publisher
    };

    public static IEnumerable<Finding> Check(Deployment deployment)
    {
        var types = deployment.Resources.ToLookup(resource => resource.Id, resource => resource.Type);
        foreach (var assignment in deployment.Of("Microsoft.Authorization/roleAssignments"))
        {
            var scope = Scope().Match(assignment.Id).Groups["scope"].Value;
            var type = types[scope].FirstOrDefault() ?? scope;
            var role = assignment.Text("properties.roleDefinitionId")!.Split('/')[^1];
            if (!Allowed.GetValueOrDefault(type, []).Contains(role))
            {
                var message = $"The role {role} on {type} is not in the list.";
                yield return Finding.Policy(PolicyRule.Role, assignment.Name, message);
            }
        }
    }

    /// <summary>
    /// The name of an assignment is made of its scope, its principal and its role: with less, two assignments are one.
    /// </summary>
    public static IEnumerable<Finding> Check(Template main) =>
        from template in main.All()
        from assignment in template.RoleAssignments
        let wanted = Name(assignment)
        where assignment.GetProperty("name").GetString() != wanted
        select Finding.Policy(PolicyRule.RoleName, template.Name, $"The name of a role assignment must be {wanted}.");

    private static string Name(JsonElement assignment)
    {
        var properties = assignment.GetProperty("properties");
        var scope = Inner(assignment.GetProperty("scope"));
        var principal = Inner(properties.GetProperty("principalId"));
        var role = RoleDefinition().Match(properties.GetProperty("roleDefinitionId").GetString()!).Groups["role"].Value;
        return $"[guid({scope}, {principal}, {role})]";
    }

    private static string Inner(JsonElement expression) => expression.GetString()!.TrimStart('[').TrimEnd(']');

    [GeneratedRegex(@"^(\[extensionResourceId\('(?<scope>[^']+)'|(?<scope>.+)/providers/Microsoft\.Authorization/)")]
    private static partial Regex Scope();

    [GeneratedRegex(@"^\[subscriptionResourceId\('Microsoft\.Authorization/roleDefinitions', (?<role>.+)\)\]$")]
    private static partial Regex RoleDefinition();
}
