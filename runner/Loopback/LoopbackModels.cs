using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Freeway.Runner.Loopback;

/// <summary>The list of models, in the shape that OpenAI sends.</summary>
internal static class LoopbackModels
{
    public static async Task WriteAsync(HttpContext http, IReadOnlyList<string> models)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("id", model);
            json.WriteString("object", "model");
            json.WriteNumber("created", 1767225600);
            json.WriteString("owned_by", "loopback");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
