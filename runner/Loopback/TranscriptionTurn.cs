using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from a request to transcribe or to translate audio.</summary>
/// <param name="Fields">The names of all parts, in the order in which they came.</param>
/// <param name="Seconds">As the audio's own header says, else a second for every 16,000 bytes.</param>
public sealed record TranscriptionTurn(
    string Model, string? Prompt, string Format, bool Stream, string? Language, string FileName, long FileBytes, double Seconds, IReadOnlyList<string> Fields)
    : ILoopbackTurn
{
    private const double BytesPerSecond = 16000;
    private const int WavHeaderBytes = 44;

    string ILoopbackTurn.ScriptText => Prompt ?? "";

    /// <exception cref="IOException">The body is not what the content type says.</exception>
    internal static async Task<TranscriptionTurn?> ReadAsync(string? contentType, Stream body)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || type.MediaType != "multipart/form-data" || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
        {
            return null;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new List<string>();
        (string Name, long Bytes, double Seconds)? file = null;
        var parts = new MultipartReader(boundary.ToString(), body);
        while (await parts.ReadNextSectionAsync() is { } part)
        {
            var disposition = part.GetContentDispositionHeader();
            var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? "").ToString();
            names.Add(name);
            if (disposition?.IsFileDisposition() is true)
            {
                var head = new byte[WavHeaderBytes];
                var read = await part.Body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false);
                await part.Body.CopyToAsync(System.IO.Stream.Null);
                var bytes = part.Body.Length;
                file = (HeaderUtilities.RemoveQuotes(disposition.FileName).ToString(), bytes, Length(head.AsSpan(0, read), bytes));
            }
            else
            {
                texts[name] = await new StreamReader(part.Body, Encoding.UTF8).ReadToEndAsync();
            }
        }

        return file is { } audio && texts.TryGetValue("model", out var model)
            ? new TranscriptionTurn(
                model,
                texts.GetValueOrDefault("prompt"),
                texts.GetValueOrDefault("response_format") ?? "json",
                texts.GetValueOrDefault("stream") is "true" or "True" or "1",
                texts.GetValueOrDefault("language"),
                audio.Name,
                audio.Bytes,
                audio.Seconds,
                names)
            : null;
    }

    private static double Length(ReadOnlySpan<byte> head, long bytes) =>
        head.Length is WavHeaderBytes && head.StartsWith("RIFF"u8) && BinaryPrimitives.ReadInt32LittleEndian(head[28..]) is > 0 and var rate
            ? (bytes - WavHeaderBytes) / (double)rate
            : bytes / BytesPerSecond;
}
