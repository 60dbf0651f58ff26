using Freeway.Bicep.Tests.Compiler;
using Freeway.Bicep.Tests.Rules;

namespace Freeway.Bicep.Tests;

/// <summary>
/// The whole check of one folder, finding by finding: what the compiler and its linter say, then the rules on the
/// compiled template, then the rules on what each parameter file deploys. Whoever has seen enough stops.
/// </summary>
internal sealed class BicepCheck(BicepCompiler compiler, CodeContract code)
{
    public async IAsyncEnumerable<Finding> RunAsync(BicepFolder folder)
    {
        var compilation = await compiler.CompileAsync(folder.MainParameters);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            yield return Finding.Of(diagnostic);
        }

        // Only what compiles without a warning is judged by our own rules.
        if (compilation.Diagnostics.Count > 0)
        {
            yield break;
        }

        foreach (var finding in JudgeTemplate(Template.Parse(compilation.Template!), compilation.Parameters!))
        {
            yield return finding;
        }

        var earlier = new List<Deployment>();
        foreach (var parameterFile in folder.ParameterFiles)
        {
            var deployment = await compiler.DeployAsync(parameterFile);
            foreach (var finding in JudgeDeployment(deployment, folder, earlier))
            {
                yield return finding;
            }

            earlier.Add(deployment);
        }
    }

    private static IEnumerable<Finding> JudgeTemplate(Template template, string parameters) =>
    [
        .. RoleRules.Check(template),
        .. SecretRules.Check(template),
        .. ParameterRules.Check(template),
        .. ParameterRules.CheckDefaults(template, parameters),
    ];

    private IEnumerable<Finding> JudgeDeployment(
        Deployment deployment,
        BicepFolder folder,
        IEnumerable<Deployment> earlier) =>
    [
        .. RequiredValues.Check(deployment),
        .. RoleRules.Check(deployment),
        .. PlacementRules.Check(deployment),
        .. earlier.SelectMany(other => PlacementRules.Check(deployment, other)),
        .. FlexConsumptionRules.Check(deployment),
        .. SettingsContract.Check(deployment, code),
        .. ResourceContract.Check(deployment, code),
        .. AlertContract.Check(deployment, code),
        .. NetworkContract.Check(deployment),
        .. AzdContract.Check(deployment, folder),
    ];
}
