using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>
/// Speech as bytes: a WAV file of a tone as long as the text, or its bare samples where PCM is asked for.
/// </summary>
internal sealed class SpeechAudio(SpeechTurn turn, LoopbackText text) : ILoopbackStream
{
    private readonly bool _bare = turn.Format is "pcm";

    public string ContentType => _bare ? "audio/pcm" : "audio/wav";

    public int Pieces => text.Pieces.Count;

    public void Begin(IBufferWriter<byte> body)
    {
        if (!_bare)
        {
            Tone.Header(body, Tone.Bytes(text.Whole.Length));
        }
    }

    public void Piece(IBufferWriter<byte> body, int at) => Tone.Write(body, text.Pieces[at].Length);

    public void End(IBufferWriter<byte> body)
    {
    }

    public bool Error(IBufferWriter<byte> body, LoopbackError error) => false;
}

/// <summary>Holds what the loopback upstream takes from a request for speech.</summary>
/// <param name="Format">Of the audio; null where none was asked for.</param>
/// <param name="Events">Whether the audio goes out in events.</param>
public sealed record SpeechTurn(string Model, string Input, string? Voice, string? Format, bool Events) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => Input;

    internal static SpeechTurn? Read(JsonElement root) =>
        TurnReading.Text(root, "model") is { } model && TurnReading.Text(root, "input") is { } input
            ? new SpeechTurn(
                model, input, TurnReading.Text(root, "voice"), TurnReading.Text(root, "response_format"), TurnReading.Text(root, "stream_format") is "sse")
            : null;
}

/// <summary>A plain tone: 16 bits, one channel, 24,000 samples a second, 20 ms for every character.</summary>
internal static class Tone
{
    private const int SamplesPerSecond = 24000;
    private const int BytesPerSample = 2;
    private const int SamplesPerCharacter = 480;
    private const int HeaderBytes = 44;
    private const int HalfWave = 27; // of about 440 Hz

    public static int Bytes(int characters) => characters * SamplesPerCharacter * BytesPerSample;

    /// <summary>The head of a WAV file for so many bytes of tone.</summary>
    public static void Header(IBufferWriter<byte> body, int bytes)
    {
        var header = body.GetSpan(HeaderBytes);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], HeaderBytes - 8 + bytes);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], SamplesPerSecond);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], SamplesPerSecond * BytesPerSample);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], BytesPerSample);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], BytesPerSample * 8);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], bytes);
        body.Advance(HeaderBytes);
    }

    public static void Write(IBufferWriter<byte> body, int characters)
    {
        var samples = body.GetSpan(Bytes(characters));
        for (var sample = 0; sample < characters * SamplesPerCharacter; sample++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(samples[(sample * BytesPerSample)..], (short)(sample / HalfWave % 2 is 0 ? 4000 : -4000));
        }

        body.Advance(Bytes(characters));
    }
}
