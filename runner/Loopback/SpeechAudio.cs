using System.Buffers;

namespace Freeway.Runner.Loopback;

/// <summary>Speech as bytes: a WAV file of a tone as long as the text, or its bare samples where PCM is asked for.</summary>
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
