using System.Text.Json;

namespace Freeway.Processes.Tests.Support;

/// <summary>What a caller got to see of one request.</summary>
/// <param name="Status">Null where the connection broke before any header.</param>
/// <param name="Id">The request's id, which is its record's too.</param>
/// <param name="Whole">False where the answer broke off.</param>
/// <param name="RetryAfter">As the header says it.</param>
internal sealed record Answer(int? Status, string? Id, string Body, bool Whole, TimeSpan? RetryAfter)
{
    public string? ErrorCode
    {
        get
        {
            using var body = JsonDocument.Parse(Body);
            return body.RootElement.GetProperty("error").GetProperty("code").GetString();
        }
    }
}
