using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;
using Freeway.Tests.Shared;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>azd finds the app by its tag, the code by its folder and the Bicep by its path.</summary>
internal static class AzdContract
{
    public static IEnumerable<Finding> Check(Deployment deployment, BicepFolder folder)
    {
        var yaml = File.ReadAllText(Path.Combine(folder.Root, "azure.yaml"));
        string Value(string name) => Regex.Match(yaml, $@"^\s+{name}:\s*(\S+)", RegexOptions.Multiline).Groups[1].Value;
        var service = Regex.Match(yaml, @"^services:\n {2}(\S+):", RegexOptions.Multiline).Groups[1].Value;
        var project = Path.Combine(RepositoryFolder.Root, Value("project"), "Freeway.Functions.csproj");
        (bool Holds, string Message)[] rules =
        [
            (deployment.Of("Microsoft.Resources/resourceGroups").Single().At("tags.azd-env-name") is not null,
                "The resource group needs the tag azd-env-name."),
            (deployment.Site?.Text("tags.azd-service-name") == service,
                $"The app needs the tag azd-service-name: {service}."),
            (Value("host") is "function" && Value("language") is "dotnet", "The service must be a function in dotnet."),
            (File.Exists(project), $"There is no project in {Value("project")}."),
            ($"{Value("path")}/{Value("module")}" is "bicep/main", "The module must be bicep/main."),
        ];
        return rules.Where(rule => !rule.Holds)
            .Select(rule => Finding.Contract(ContractRule.AzureYaml, "azure.yaml", rule.Message));
    }
}
