namespace Freeway.Gateway.Views;

/// <summary>The free switch as <c>catalogue.json</c> has it; a proposal never turns it on.</summary>
public sealed record ProposedFree(bool Enabled);
