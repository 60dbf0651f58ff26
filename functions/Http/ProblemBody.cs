using System.Text.Json.Serialization;

namespace Freeway.Functions.Http;

/// <summary>The shape of errors for those who ask for <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Instance">The request's id.</param>
internal sealed record ProblemBody(string Type, string Title, int Status, string Detail, string? Instance, string Code) : RefusalFacts
{
    [JsonPropertyName("violated-policies")]
    public IReadOnlyList<string>? ViolatedPolicies { get; init; }
}
