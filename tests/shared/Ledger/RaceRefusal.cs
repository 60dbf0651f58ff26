using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>A refusal that a caller got: which of its takes could not be given, and between which moments that was decided.</summary>
public sealed record RaceRefusal(IReadOnlyList<Claim> Takes, Claim Spent, DateTimeOffset AskedAt, DateTimeOffset AnsweredAt);
