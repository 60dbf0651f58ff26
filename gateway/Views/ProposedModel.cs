namespace Freeway.Gateway.Views;

/// <summary>An entry for <c>catalogue.json</c>; what the upstream does not say is left out, and has to be filled in.</summary>
public sealed record ProposedModel(
    string Id, string Name, int? ContextLength, ProposedPrice? UsdPerMillionTokens, ProposedFree Free, IReadOnlyList<ProposedRoute> Routes);
