namespace Freeway.Gateway.Ledger;

/// <summary>Names one quota entity of an org: a limit and the subject that it counts for.</summary>
/// <param name="Source">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Subject">A model id, a key id, both, or <c>*</c>.</param>
public readonly record struct QuotaKey(string Source, string Subject);
