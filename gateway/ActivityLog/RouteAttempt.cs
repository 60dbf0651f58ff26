namespace Freeway.Gateway.ActivityLog;

/// <summary>One upstream that was tried for a request, or passed over.</summary>
/// <param name="Upstream">Its name in the catalogue.</param>
/// <param name="Model">As the upstream names it.</param>
/// <param name="Status">What it answered; null where it did not.</param>
/// <param name="Ms">How long it took to answer, or not to.</param>
/// <param name="Reason">Why the next one was tried; null for the one whose answer was passed on.</param>
public sealed record RouteAttempt(string Upstream, string Model, int? Status, long Ms, string? Reason);
