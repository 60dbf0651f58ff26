namespace Freeway.Gateway.Views;

/// <summary>Where an upstream's key stands.</summary>
/// <param name="Ready">False while the setting with its key is missing.</param>
/// <param name="Breaker">As this instance sees it: <c>closed</c>, <c>half_open</c>, or <c>open</c> where it is left alone after failures.</param>
/// <param name="BrokenUntil">When one call tries again.</param>
/// <param name="Parked">Models that said 429 here, by their names at the upstream, and until when they are left alone; <c>*</c> is all of them.</param>
/// <param name="Limits">As the ledger has them: what instances have leased is under <c>reserved</c>.</param>
public sealed record UpstreamCard(
    string Name, string BaseUrl, bool Ready, string Breaker, DateTimeOffset? BrokenUntil, IReadOnlyDictionary<string, DateTimeOffset> Parked, IReadOnlyList<QuotaCard> Limits);
