namespace Freeway.Gateway.Inference.Bodies;

/// <summary>One place of a body that is replaced, or, where the range is empty, filled in.</summary>
internal readonly record struct Splice(Range At, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// The body in pieces: its own memory around the splices, which do not overlap. Of two at one place the one that is named first comes first.
    /// </summary>
    public static ReadOnlyMemory<byte>[] Apply(ReadOnlyMemory<byte> body, params IReadOnlyList<Splice> splices)
    {
        var pieces = new ReadOnlyMemory<byte>[(splices.Count * 2) + 1];
        var (piece, rest) = (0, 0);
        foreach (var splice in splices.OrderBy(splice => splice.At.Start.Value))
        {
            pieces[piece++] = body[rest..splice.At.Start.Value];
            pieces[piece++] = splice.Bytes;
            rest = splice.At.End.Value;
        }

        pieces[piece] = body[rest..];
        return pieces;
    }
}
