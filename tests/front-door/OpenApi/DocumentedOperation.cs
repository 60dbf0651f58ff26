using System.Text.Json;
using System.Text.RegularExpressions;

namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>One operation as the served document has it.</summary>
internal sealed class DocumentedOperation(string method, string path, JsonElement operation)
{
    private readonly Regex _path = new("^" + Regex.Replace(Regex.Escape(path), @"\\\{([^}]+)}", match => match.Groups[1].Value is "slug" or "model" ? ".+" : "[^/]+") + "/?$", RegexOptions.IgnoreCase);

    public string Method => method;

    public string Path => path;

    public IEnumerable<string> Statuses => operation.GetProperty("responses").EnumerateObject().Select(response => response.Name);

    public bool IsInference => operation.GetProperty("tags")[0].GetString() is "Inference";

    public bool IsForOperator => operation.GetProperty("tags")[0].GetString() is "Admin";

    /// <summary>Gets whether it is of people who signed up, or who are about to.</summary>
    public bool IsOfSignUp => path.StartsWith("/api/v1/sign-up", StringComparison.Ordinal) || path.StartsWith("/api/v1/keys", StringComparison.Ordinal);

    public bool TakesForm => Body is { } body && body.TryGetProperty("multipart/form-data", out _);

    /// <summary>The document's own example of a request; null where there is none.</summary>
    public string? Example => Body is { } body && body.TryGetProperty("application/json", out var json) ? json.GetProperty("example").GetRawText() : null;

    private JsonElement? Body => operation.TryGetProperty("requestBody", out var body) ? body.GetProperty("content") : null;

    public bool IsAt(string requested) => _path.IsMatch(requested);

    /// <summary>Under which name an answer of this status is documented; null where it is not.</summary>
    public string? Documented(int status) => Statuses.FirstOrDefault(name => name == $"{status}") ?? Statuses.FirstOrDefault(name => name == $"{status / 100}XX");

    /// <summary>Where the schema of an answer stands; null where the media type is not documented.</summary>
    public string? Schema(string response, string mediaType)
    {
        var content = operation.GetProperty("responses").GetProperty(response).GetProperty("content");
        var form = content.TryGetProperty(mediaType, out _) ? mediaType : content.TryGetProperty("*/*", out _) ? "*/*" : null;
        return form is null ? null : $"/paths/{Escape(path)}/{method.ToLowerInvariant()}/responses/{response}/content/{Escape(form)}/schema";
    }

    private static string Escape(string part) => Uri.EscapeDataString(part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)).Replace("%7E", "~", StringComparison.Ordinal);
}
