namespace Freeway.Gateway.Inference.Bodies;

/// <summary>One place of a body that is replaced, or, where the range is empty, filled in.</summary>
internal readonly record struct Splice(Range At, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The body in pieces: its own memory around the splices, which come in order and do not overlap.</summary>
    public static ReadOnlyMemory<byte>[] Apply(ReadOnlyMemory<byte> body, Splice only) =>
        [body[..only.At.Start], only.Bytes, body[only.At.End..]];

    /// <inheritdoc cref="Apply(ReadOnlyMemory{byte}, Splice)"/>
    public static ReadOnlyMemory<byte>[] Apply(ReadOnlyMemory<byte> body, Splice first, Splice second) =>
        [body[..first.At.Start], first.Bytes, body[first.At.End..second.At.Start], second.Bytes, body[second.At.End..]];
}
