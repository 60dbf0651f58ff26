namespace Freeway.Gateway.Policies;

/// <summary>A limit that binds one caller's request on one model.</summary>
/// <param name="Source">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Subject">Who shares it: <c>*</c> for the org, else a model id, a key id, or both.</param>
public sealed record BoundLimit(string Source, string Subject, Limit Limit);
