using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>What the platform refuses of an app on Flex Consumption, or silently ignores.</summary>
internal static partial class FlexConsumptionRules
{
    private const string Scale = "properties.functionAppConfig.scaleAndConcurrency";

    public static IEnumerable<Finding> Check(Deployment deployment)
    {
        var alwaysReady = deployment.Site?.List($"{Scale}.alwaysReady") ?? [];
        if (!alwaysReady.All(IsHttpWithCount))
        {
            yield return Finding.Policy(PolicyRule.AlwaysReady, deployment.Site!.Name, "It is for http, with a count.");
        }

        foreach (var (name, value) in deployment.Settings)
        {
            if (Refused().IsMatch(name) || !OnLinux().IsMatch(name))
            {
                yield return Finding.Policy(PolicyRule.Setting, name, "Flex Consumption has no setting of this name.");
            }

            var text = ArmExpression.Readable(value);
            if (text.StartsWith('@') && !VaultReference().IsMatch(text))
            {
                yield return Finding.Policy(PolicyRule.VaultReference, name, $"{text} is no reference to a secret.");
            }
        }
    }

    private static bool IsHttpWithCount(JsonElement instances) =>
        instances.GetProperty("name").GetString() is "http" && instances.TryGetProperty("instanceCount", out _);

    [GeneratedRegex("""
        ^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|FUNCTIONS_WORKER_PROCESS_COUNT
        |WEBSITE_RUN_FROM_PACKAGE|WEBSITE_CONTENT.*|WEBSITE_TIME_ZONE|TZ
        |SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD|WEBSITE_NODE_DEFAULT_VERSION)$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Refused();

    [GeneratedRegex("^[A-Za-z0-9_.]+$")]
    private static partial Regex OnLinux();

    [GeneratedRegex(@"^@Microsoft\.KeyVault\(SecretUri=…secrets/[a-z0-9-]+\)$")]
    private static partial Regex VaultReference();
}
