using System.Text.Encodings.Web;
using System.Text.Json;

namespace Freeway.Functions.Http;

/// <summary>How answers look in detail.</summary>
internal static class PlainJson
{
    /// <summary>Escapes what JSON must and no more: answers are never pasted into HTML.</summary>
    public static ApiJson Api { get; } = new(new JsonSerializerOptions(ApiJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
