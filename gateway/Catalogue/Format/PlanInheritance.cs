namespace Freeway.Gateway.Catalogue.Format;

/// <summary>A plan as a file writes it.</summary>
/// <param name="At">How errors name its place.</param>
/// <param name="File">The file that it stands in.</param>
internal sealed record WrittenPlan(string Name, string At, PlanEntry? Entry, CatalogueDocument File);

/// <summary>
/// Fills in what plans leave out that extend others. A plan of the catalogue may extend the plan of its own name in a
/// preset, and then takes its place: models that name it for <c>:free</c> need not be changed.
/// </summary>
internal sealed class PlanInheritance(CatalogueErrors errors, IReadOnlyList<WrittenPlan> plans)
{
    /// <summary>
    /// Gives all plans that count, each whole, with the files that it is made from, the extended first.
    /// </summary>
    public IEnumerable<(WrittenPlan Plan, IReadOnlyList<CatalogueDocument> Files)> Resolve() =>
        plans.Where(plan => !plans.Any(other => Replaces(other, plan))).Select(plan => Resolve(plan, []));

    /// <summary>Tells whether a plan extends another of its own name and so takes its place.</summary>
    private bool Replaces(WrittenPlan plan, WrittenPlan other) =>
        plan != other && plan.Name == other.Name && plan.Entry?.Extends == plan.Name && Extended(plan) == other;

    private (WrittenPlan Plan, IReadOnlyList<CatalogueDocument> Files) Resolve(WrittenPlan plan, IReadOnlyList<WrittenPlan> chain)
    {
        if (plan.Entry?.Extends is not { } name)
        {
            NoneLeftOut(plan);
            return (plan, [plan.File]);
        }

        IReadOnlyList<WrittenPlan> longer = [.. chain, plan];
        if (Extended(plan) is not { } extended)
        {
            errors.Add($"{plan.At}.extends", name == plan.Name ? $"there is no other plan '{name}'" : $"there is no plan '{name}'");
            return (plan, [plan.File]);
        }

        if (longer.Contains(extended))
        {
            var circle = longer.SkipWhile(each => each != extended).Append(extended).Select(each => each.Name);
            errors.Add($"{longer[0].At}.extends", $"goes round in a circle: {string.Join(" → ", circle)}");
            return (plan, [plan.File]);
        }

        var (whole, files) = Resolve(extended, longer);
        CheckLeftOut(plan, whole);
        return (plan with { Entry = plan.Entry.Else(whole.Entry ?? new PlanEntry()) }, [.. files.Union([plan.File])]);
    }

    private WrittenPlan? Extended(WrittenPlan plan) => plans.FirstOrDefault(other => other != plan && other.Name == plan.Entry?.Extends);

    private void NoneLeftOut(WrittenPlan plan) => errors.Check(
        plan.Entry?.WithoutLimits is null, $"{plan.At}.without_limits", "is for plans that extend another");

    private void CheckLeftOut(WrittenPlan plan, WrittenPlan whole)
    {
        foreach (var (name, index) in (plan.Entry?.WithoutLimits ?? []).Select((name, index) => (name, index)))
        {
            var isThere = whole.Entry?.Limits?.Any(limit => limit?.Name == name) is true;
            errors.Check(
                isThere,
                $"{plan.At}.without_limits[{index}]", $"the plan '{whole.Name}' has no limit '{name}'");
        }
    }
}
