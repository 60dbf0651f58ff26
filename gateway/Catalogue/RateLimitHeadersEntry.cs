namespace Freeway.Gateway.Catalogue;

/// <summary>The headers by which an upstream's answers tell of one limit.</summary>
/// <param name="Window">Left out where they tell of whichever limit is nearest.</param>
public sealed record RateLimitHeadersEntry(
    string? Unit, string? Window = null, string? Limit = null, string? Remaining = null, string? Reset = null, string? ResetForm = null);
