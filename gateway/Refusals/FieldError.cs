namespace Freeway.Gateway.Refusals;

/// <summary>One of the things that are wrong with a request.</summary>
/// <param name="Param">The field, e.g. <c>limits[0].unit</c>.</param>
public sealed record FieldError(string Param, string Message);
