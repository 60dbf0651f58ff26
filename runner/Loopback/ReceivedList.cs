using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Freeway.Runner.Loopback;

/// <summary>
/// <c>/requests</c> of a loopback upstream: <c>GET</c> lists what it received, newest first, and <c>DELETE</c> forgets
/// it, so that programs in any language can look at what an upstream is sent.
/// </summary>
internal static class ReceivedList
{
    public const string Path = "/requests";

    private const int UsualLimit = 20;

    /// <summary>
    /// The most bytes of a body that the list shows; of a longer one, e.g. an upload, it has the first.
    /// </summary>
    private const int LongestBody = 64 * 1024;

    private const string Hidden = "(hidden)";

    /// <summary>Parts of the names of headers that carry a secret.</summary>
    private static readonly string[] Secrets = ["authorization", "cookie", "key", "secret", "token"];

    private static readonly UTF8Encoding Text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Lists the latest requests.</summary>
    /// <param name="received">In the order in which they came.</param>
    public static Task ListAsync(HttpContext http, IReadOnlyList<LoopbackRequest> received)
    {
        var limit = UsualLimit;
        if (http.Request.Query["limit"] is [{ } given]
            && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is 0))
        {
            return LoopbackAnswer.ErrorAsync(
                http,
                StatusCodes.Status400BadRequest,
                LoopbackError.Invalid($"limit is a whole number from 1, not {given}."));
        }

        return WriteAsync(http, received.Reverse().Take(limit));
    }

    private static async Task WriteAsync(HttpContext http, IEnumerable<LoopbackRequest> requests)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var request in requests)
        {
            Write(json, request);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LoopbackRequest request)
    {
        json.WriteStartObject();
        json.WriteNumber("number", request.Number);
        json.WriteString("time", request.Time.UtcDateTime);
        json.WriteString("method", request.Method);
        json.WriteString("path", request.Path);
        json.WriteBoolean("finished", request.Finished.IsCompleted);
        json.WriteBoolean("client_gone", request.ClientGone.IsCompleted);
        json.WriteStartObject("headers");
        foreach (var (name, value) in request.Headers)
        {
            var isSecret = Secrets.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
            json.WriteString(name.ToLowerInvariant(), isSecret ? Hidden : value);
        }

        json.WriteEndObject();
        json.WriteNumber("body_bytes", request.Body.Length);
        WriteBody(json, request.Body);
        json.WriteEndObject();
    }

    /// <summary>JSON as JSON, other text as text, and what is neither in base 64.</summary>
    private static void WriteBody(Utf8JsonWriter json, ReadOnlyMemory<byte> body)
    {
        if (body.Length <= LongestBody && IsJson(body))
        {
            json.WritePropertyName("body");
            json.WriteRawValue(body.Span, skipInputValidation: true);
            return;
        }

        var first = body.Span[..Math.Min(body.Length, LongestBody)];
        try
        {
            json.WriteString("body", Text.GetString(first));
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String("body_base64", first);
        }
    }

    private static bool IsJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var _ = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
