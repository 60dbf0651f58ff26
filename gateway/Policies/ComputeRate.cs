namespace Freeway.Gateway.Policies;

/// <summary>What a model takes of compute units, all in millionths of one: per token, and per request.</summary>
public sealed record ComputeRate(long PerInputToken, long PerOutputToken, long PerRequest);
