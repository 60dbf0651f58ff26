namespace Freeway.Gateway.Views;

/// <param name="Requests">Those that a gift covered at least in part.</param>
/// <param name="Tokens">What the gifts covered.</param>
public sealed record GiftedUsage(long Requests, long Tokens);
