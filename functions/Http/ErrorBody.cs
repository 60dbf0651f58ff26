namespace Freeway.Functions.Http;

/// <summary>The one shape of errors (contract §3).</summary>
internal sealed record ErrorBody(ErrorDetail Error);
