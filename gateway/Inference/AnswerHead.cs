using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Inference;

/// <summary>What an answer says before its body.</summary>
/// <param name="ContentLength">Where the upstream says it and the body is passed on untouched.</param>
/// <param name="Tier"><c>free</c>, <c>gift</c> or <c>paid</c>.</param>
/// <param name="Limits">Where the caller stands after this request's own reservation.</param>
public sealed record AnswerHead(
    int Status, string? ContentType, long? ContentLength, string Model, string Upstream, string Tier, IReadOnlyList<QuotaState> Limits);
