namespace Freeway.Gateway.Views;

public sealed record FreeUsage(long Requests, long TotalTokens);
