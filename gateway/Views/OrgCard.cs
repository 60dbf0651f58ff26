namespace Freeway.Gateway.Views;

public sealed record OrgCard(string Id, string Name);
