namespace Freeway.Functions.Http.OpenApi;

/// <summary>What one surface looks like in use.</summary>
/// <param name="Request">JSON; null for a form.</param>
/// <param name="Answer">JSON; null where it is none.</param>
internal sealed record InferenceSample(string Id, string Summary, string? Request, string? Answer, string? Stream = null);
