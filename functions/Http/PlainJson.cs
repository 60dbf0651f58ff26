using System.Text.Encodings.Web;
using System.Text.Json;

namespace Freeway.Functions.Http;

/// <summary>Answers escape what JSON must and no more: they are JSON, never pasted into HTML.</summary>
internal static class PlainJson
{
    public static ApiJson Api { get; } = new(new JsonSerializerOptions(ApiJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
