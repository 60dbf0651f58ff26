using System.Text.Encodings.Web;
using System.Text.Json;

namespace Freeway.Gateway.Tests.Inference.Translation;

internal static class Plain
{
    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
