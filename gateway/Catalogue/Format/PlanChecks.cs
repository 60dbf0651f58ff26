using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Checks what must hold between plans and the models that they are for.</summary>
internal sealed class PlanChecks(CatalogueErrors errors, IReadOnlyDictionary<string, (Plan Plan, string At)> plans)
{
    /// <summary>
    /// Checks that the plan of a model's <c>:free</c> bills nobody and gives this model something, within bounds.
    /// </summary>
    public void CheckFree(Model model, string at)
    {
        if (model.FreePlan is not { } name)
        {
            return;
        }

        at = $"{at}.free.plan";
        if (!plans.TryGetValue(name, out var found))
        {
            errors.Add(at, $"there is no plan '{name}'");
            return;
        }

        errors.Check(
            found.Plan.Billing is Billing.Free,
            at, $"the plan '{name}' bills, and :free never touches credits");
        errors.Check(found.Plan.Models.Contains(model.Id), at, $"the plan '{name}' is not for this model");
        errors.Check(
            found.Plan.Limits.Any(limit => limit.Models.Contains(model.Id)),
            at, $"the plan '{name}' has no limit for this model");
    }

    /// <summary>Checks every plan against every model that is switched on.</summary>
    public void CheckModels(IReadOnlyList<Model> models)
    {
        foreach (var (plan, at) in plans.Values)
        {
            foreach (var model in models.Where(model => model.Enabled && plan.Models.Contains(model.Id)))
            {
                CheckRates(plan, model, at);
                CheckSizes(plan, model, at);
            }
        }
    }

    private void CheckRates(Plan plan, Model model, string at) => errors.Check(
        plan.Rates.Any(rate => rate.Models.Contains(model.Id))
        || !plan.Limits.Any(limit => limit.Limit.Unit is LimitUnit.MicroUnits && limit.Models.Contains(model.Id)),
        $"{at}.rates", $"there is none for the model '{model.Id}': what does it take of compute units? Say it here, or as the model's compute_units");

    private void CheckSizes(Plan plan, Model model, string at)
    {
        var sizes = plan.Caps.Where(caps => caps.Models.Contains(model.Id) && caps.Caps.ImageSizes.Count > 0).Select(caps => caps.Caps.ImageSizes).ToList();
        errors.Check(
            sizes.Count is 0 || sizes.Aggregate<IEnumerable<string>>((left, right) => left.Intersect(right)).Any(),
            $"{at}.caps", $"no image size is left for the model '{model.Id}'");
    }
}
