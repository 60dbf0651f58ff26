using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Freeway.Runner.Loopback;

/// <summary>Writes what was heard, in each of the formats that OpenAI sends.</summary>
internal sealed class Transcript(LoopbackRequest request, TranscriptionTurn turn, LoopbackScript script) : ILoopbackStream
{
    private readonly double _seconds = script.Seconds ?? turn.Seconds;
    private readonly LoopbackText _text = LoopbackText.Of(
        string.Create(CultureInfo.InvariantCulture, $"A recording of {script.Seconds ?? turn.Seconds:0.##} seconds."),
        mostWords: null,
        script.Text is "" ? script with { Text = null } : script);

    public string ContentType => ServerEvent.ContentType;

    public int Pieces => _text.Pieces.Count;

    public string WholeType => turn.Format is "json" or "verbose_json" ? "application/json" : "text/plain; charset=utf-8";

    public void Whole(IBufferWriter<byte> body)
    {
        switch (turn.Format)
        {
            case "text":
                Text(body, $"{_text.Whole}\n");
                break;
            case "srt":
                Text(body, $"1\n00:00:00,000 --> {Time(',')}\n{_text.Whole}\n\n");
                break;
            case "vtt":
                Text(body, $"WEBVTT\n\n00:00:00.000 --> {Time('.')}\n{_text.Whole}\n\n");
                break;
            default:
                using (var json = new Utf8JsonWriter(body))
                {
                    json.WriteStartObject();
                    Json(json);
                    json.WriteEndObject();
                }

                break;
        }
    }

    public void Begin(IBufferWriter<byte> body)
    {
    }

    public void Piece(IBufferWriter<byte> body, int at) => ServerEvent.Write(body, json =>
    {
        json.WriteString("type", "transcript.text.delta");
        json.WriteString("delta", _text.Pieces[at]);
    });

    public void End(IBufferWriter<byte> body) => ServerEvent.Write(body, json =>
    {
        json.WriteString("type", "transcript.text.done");
        json.WriteString("text", _text.Whole);
        Usage(json);
    });

    public bool Error(IBufferWriter<byte> body, LoopbackError error) => ServerEvent.Error(body, error);

    private void Json(Utf8JsonWriter json)
    {
        if (turn.Format is "verbose_json")
        {
            json.WriteString("task", request.Path.EndsWith("translations", StringComparison.Ordinal) ? "translate" : "transcribe");
            json.WriteString("language", turn.Language ?? "english");
            json.WriteNumber("duration", _seconds);
        }

        json.WriteString("text", _text.Whole);
        if (turn.Format is "verbose_json")
        {
            Segments(json);
        }

        Usage(json);
    }

    private void Segments(Utf8JsonWriter json)
    {
        json.WriteStartArray("segments");
        json.WriteStartObject();
        json.WriteNumber("id", 0);
        json.WriteNumber("seek", 0);
        json.WriteNumber("start", 0);
        json.WriteNumber("end", _seconds);
        json.WriteString("text", _text.Whole);
        json.WriteStartArray("tokens");
        json.WriteEndArray();
        json.WriteNumber("temperature", 0);
        json.WriteNumber("avg_logprob", -0.1);
        json.WriteNumber("compression_ratio", 1);
        json.WriteNumber("no_speech_prob", 0);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void Usage(Utf8JsonWriter json)
    {
        if (script.Usage is LoopbackUsage.None)
        {
            return;
        }

        json.WriteStartObject("usage");
        var counted = script.Usage is LoopbackUsage.Zero ? 0 : 1;
        if (script.Usage is LoopbackUsage.Tokens
            || (script.Usage is not LoopbackUsage.Duration && turn.Model.Contains("transcribe", StringComparison.Ordinal)))
        {
            Tokens(json, (int)Math.Ceiling(_seconds * 10) * counted, TurnReading.Words(turn.Prompt ?? "").Length * counted, _text.Words * counted);
        }
        else
        {
            json.WriteString("type", "duration");
            json.WriteNumber("seconds", Math.Ceiling(_seconds) * counted);
        }

        json.WriteEndObject();
    }

    private static void Tokens(Utf8JsonWriter json, int audio, int prompt, int output)
    {
        json.WriteString("type", "tokens");
        json.WriteNumber("input_tokens", audio + prompt);
        json.WriteStartObject("input_token_details");
        json.WriteNumber("text_tokens", prompt);
        json.WriteNumber("audio_tokens", audio);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", output);
        json.WriteNumber("total_tokens", audio + prompt + output);
    }

    private string Time(char point) =>
        TimeSpan.FromSeconds(_seconds).ToString($@"hh\:mm\:ss\{point}fff", CultureInfo.InvariantCulture);

    private static void Text(IBufferWriter<byte> body, string said) => Encoding.UTF8.GetBytes(said, body);
}

/// <summary>Holds what the loopback upstream takes from a request to transcribe or to translate audio.</summary>
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
