using System.Text;

namespace Freeway.Bench.Load;

/// <summary>Holds one request, ready to be sent again and again, and the status that its answers must have.</summary>
internal sealed record LoadRequest(Uri Target, ReadOnlyMemory<byte> Bytes, int Status)
{
    /// <summary>Makes a chat request.</summary>
    /// <param name="baseUrl">The address below which <c>chat/completions</c> is.</param>
    public static LoadRequest Chat(string baseUrl, string model, string? key, bool stream, int status = 200)
    {
        var target = new Uri(baseUrl.TrimEnd('/') + "/chat/completions");
        var streamed = stream ? ""","stream":true""" : "";
        var body = $$"""{"model":"{{model}}"{{streamed}},"messages":[{"role":"user","content":"Hello there, how are you?"}]}""";
        var head = new StringBuilder()
            .Append("POST ").Append(target.PathAndQuery).Append(" HTTP/1.1\r\nHost: ").Append(target.Authority)
            .Append("\r\nContent-Type: application/json\r\nContent-Length: ").Append(Encoding.UTF8.GetByteCount(body))
            .Append(key is null ? "" : "\r\nAuthorization: Bearer " + key).Append("\r\n\r\n");
        return new LoadRequest(target, Encoding.UTF8.GetBytes(head + body), status);
    }
}
