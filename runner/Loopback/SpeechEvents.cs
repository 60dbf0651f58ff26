using System.Buffers;

namespace Freeway.Runner.Loopback;

/// <summary>Sends spoken audio in events, with its usage in the last.</summary>
internal sealed class SpeechEvents(SpeechTurn turn, LoopbackText text, LoopbackScript script) : ILoopbackStream
{
    private readonly SpeechAudio _audio = new(turn, text);

    public string ContentType => ServerEvent.ContentType;

    public int Pieces => _audio.Pieces;

    public void Begin(IBufferWriter<byte> body)
    {
    }

    public void Piece(IBufferWriter<byte> body, int at)
    {
        var audio = new ArrayBufferWriter<byte>();
        if (at is 0)
        {
            _audio.Begin(audio);
        }

        _audio.Piece(audio, at);
        ServerEvent.Write(body, json =>
        {
            json.WriteString("type", "speech.audio.delta");
            json.WriteBase64String("audio", audio.WrittenSpan);
        });
    }

    public void End(IBufferWriter<byte> body) => ServerEvent.Write(body, json =>
    {
        json.WriteString("type", "speech.audio.done");
        if (script.Usage is LoopbackUsage.None)
        {
            return;
        }

        var counted = script.Usage is LoopbackUsage.Zero ? 0 : 1;
        var (input, output) = (TurnReading.Words(turn.Input).Length * counted, text.Words * counted);
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", input);
        json.WriteNumber("output_tokens", output);
        json.WriteNumber("total_tokens", input + output);
        json.WriteEndObject();
    });

    public bool Error(IBufferWriter<byte> body, LoopbackError error) => ServerEvent.Error(body, error);
}
