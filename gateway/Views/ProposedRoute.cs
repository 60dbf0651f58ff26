namespace Freeway.Gateway.Views;

/// <summary>A route as <c>catalogue.json</c> has it.</summary>
public sealed record ProposedRoute(string Upstream, string Model);
