using System.Buffers;

namespace Freeway.Gateway.Upstreams;

/// <summary>Pieces as one sequence, without copying them together.</summary>
internal sealed class JsonSegment : ReadOnlySequenceSegment<byte>
{
    private JsonSegment(ReadOnlyMemory<byte> piece, long at) => (Memory, RunningIndex) = (piece, at);

    public static ReadOnlySequence<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var first = new JsonSegment(ReadOnlyMemory<byte>.Empty, 0);
        var last = first;
        foreach (var piece in pieces)
        {
            var next = new JsonSegment(piece, last.RunningIndex + last.Memory.Length);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
