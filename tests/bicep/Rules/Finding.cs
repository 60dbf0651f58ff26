using System.Globalization;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>What is wrong at one place.</summary>
/// <param name="By">Who says so: <c>compiler</c>, <c>linter</c>, <c>policy</c> or <c>contract</c>.</param>
/// <param name="Rule">A code, a linter rule, or one of <see cref="PolicyRule"/> and <see cref="ContractRule"/>.</param>
/// <param name="Place">A file with its line, or the name of a resource.</param>
internal sealed record Finding(string By, string Rule, string Place, string Message)
{
    public static Finding Of(Diagnostic diagnostic)
    {
        var by = diagnostic.Code.StartsWith("BCP", StringComparison.Ordinal) ? "compiler" : "linter";
        var line = (diagnostic.Range.Start.Line + 1).ToString(CultureInfo.InvariantCulture);
        return new Finding(by, diagnostic.Code, $"{Path.GetFileName(diagnostic.Source)}:{line}", diagnostic.Message);
    }

    public static Finding Policy(string rule, string place, string message) => new("policy", rule, place, message);

    public static Finding Contract(string rule, string place, string message) => new("contract", rule, place, message);

    public override string ToString() => $"{Place}: {By} {Rule}: {Message}";
}

/// <summary>What Freeway wants of every deployment beyond what Azure wants.</summary>
internal static class PolicyRule
{
    public const string Value = "value";
    public const string Role = "role";
    public const string RoleName = "role-name";
    public const string Keys = "keys";
    public const string Secret = "secret";
    public const string Location = "location";
    public const string Name = "name";
    public const string Bounds = "bounds";
    public const string Reference = "reference";
    public const string AlwaysReady = "always-ready";
    public const string Setting = "setting";
    public const string VaultReference = "vault-reference";
}

/// <summary>What the code and the other files of the repository expect of a deployment.</summary>
internal static class ContractRule
{
    public const string SettingNotSet = "setting-not-set";
    public const string SettingNotRead = "setting-not-read";
    public const string Keyless = "keyless";
    public const string Connection = "connection";
    public const string Queue = "queue";
    public const string Table = "table";
    public const string Dotnet = "dotnet";
    public const string Alert = "alert";
    public const string Network = "network";
    public const string AzureYaml = "azure-yaml";
    public const string ParameterFile = "parameter-file";
}
