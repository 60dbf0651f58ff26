namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>What is different for an org.</summary>
/// <param name="PlanBefore">The plan of its requests on bare ids.</param>
/// <param name="PlanAfter">The same afterwards.</param>
/// <param name="LosesItsPlan">True where the plan that it was given goes away: the default plan then takes its place.</param>
/// <param name="FreeModelsBefore">How many models it may call with <c>:free</c>.</param>
/// <param name="FreeModelsAfter">The same afterwards.</param>
/// <param name="FreeModelsLost">The first of those that it may no longer call.</param>
/// <param name="FreeModelsGained">The first of those that it may call then.</param>
/// <param name="Limits">The first of those that bind it differently.</param>
public sealed record OrgDifference(
    string Org,
    string PlanBefore,
    string PlanAfter,
    bool LosesItsPlan,
    int FreeModelsBefore,
    int FreeModelsAfter,
    IReadOnlyList<string> FreeModelsLost,
    IReadOnlyList<string> FreeModelsGained,
    IReadOnlyList<LimitDifference> Limits);
