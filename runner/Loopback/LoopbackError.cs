using System.Buffers;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>An error as OpenAI words it, or Anthropic.</summary>
internal sealed record LoopbackError(string Message, string Type, string? Code)
{
    public static LoopbackError Of(int status) => status switch
    {
        429 => new("Rate limit reached. Please try again later.", "requests", "rate_limit_exceeded"),
        401 => new("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
        404 => new("There is nothing at this address.", "invalid_request_error", "not_found"),
        >= 500 => new("The server had an error while processing your request.", "server_error", null),
        _ => new("The request was scripted to fail.", "invalid_request_error", null),
    };

    public static LoopbackError Invalid(string message) => new(message, "invalid_request_error", null);

    /// <summary>Writes the members of the same error as Anthropic words it.</summary>
    public void MessagesMembers(Utf8JsonWriter json)
    {
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", Type switch
        {
            "requests" => "rate_limit_error",
            "server_error" => "api_error",
            _ => Code is "invalid_api_key" ? "authentication_error" : Type,
        });
        json.WriteString("message", Message);
        json.WriteEndObject();
    }

    /// <param name="asMessages">Whether Anthropic's shape is wanted.</param>
    public void Write(IBufferWriter<byte> body, bool asMessages)
    {
        if (!asMessages)
        {
            Write(body);
            return;
        }

        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        MessagesMembers(json);
        json.WriteEndObject();
    }

    public void Write(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteNull("param");
        json.WriteString("code", Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
