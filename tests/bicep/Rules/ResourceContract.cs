using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>The tables of each storage account, and the .NET version of the app.</summary>
internal static class ResourceContract
{
    public static IEnumerable<Finding> Check(Deployment deployment, CodeContract code) =>
        deployment.Of("Microsoft.Storage/storageAccounts").SelectMany(account => CheckTables(deployment, account, code))
            .Concat(CheckVersion(deployment.Site, code));

    private static IEnumerable<Finding> CheckTables(Deployment deployment, Resource account, CodeContract code)
    {
        var prefix = deployment.Settings.GetValueOrDefault("Freeway__TablePrefix", "");
        var wanted = code.Tables.Select(table => prefix + table).ToArray();
        var made = deployment.Of("Microsoft.Storage/storageAccounts/tableServices/tables")
            .Where(table => table.Id.StartsWith($"{account.Id}/", StringComparison.Ordinal))
            .Select(table => table.Name.Split('/')[^1])
            .ToArray();
        return
        [
            .. wanted.Except(made).Select(table => $"The table {table} is missing.")
                .Concat(made.Except(wanted).Select(table => $"Nobody uses the table {table}."))
                .Select(message => Finding.Contract(ContractRule.Table, account.Name, message)),
        ];
    }

    private static IEnumerable<Finding> CheckVersion(Resource? site, CodeContract code)
    {
        if (site?.Text("properties.functionAppConfig.runtime.version") != code.Dotnet)
        {
            var message = $"The app is built for .NET {code.Dotnet}.";
            yield return Finding.Contract(ContractRule.Dotnet, site?.Name ?? "no app", message);
        }
    }
}
