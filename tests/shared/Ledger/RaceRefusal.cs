using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>A refusal that a caller got: which limit could not give how much, and between which moments that was decided.</summary>
public sealed record RaceRefusal(Take Take, DateTimeOffset AskedAt, DateTimeOffset AnsweredAt);
