namespace Freeway.Gateway.Views;

/// <param name="Requests">Those that no gift had a part in.</param>
/// <param name="Tokens">All that were billed, also those beyond a gift.</param>
public sealed record PaidUsage(long Requests, long Tokens, string CostUsd);
