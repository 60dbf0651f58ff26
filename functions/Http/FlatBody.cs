using System.Text.Json.Serialization;

namespace Freeway.Functions.Http;

/// <summary>The shape of quota errors in the dialect of seed 002; its status is a string.</summary>
/// <param name="Path">As the caller sent it, below <c>/api</c>.</param>
internal sealed record FlatBody(string Message, string Path, [property: JsonPropertyName("requestId")] string RequestId,
    [property: JsonPropertyName("statusCode")] string StatusCode, string Timestamp);
