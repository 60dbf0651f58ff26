namespace Freeway.Gateway.Upstreams;

/// <summary>A JSON body in pieces, written as they are: nothing is copied together.</summary>
public sealed class JsonPieces(IReadOnlyList<ReadOnlyMemory<byte>> pieces) : IUpstreamBody
{
    public string ContentType => "application/json";

    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces { get; } = pieces;

    public long? Length { get; } = pieces.Sum(piece => (long)piece.Length);

    public async Task WriteAsync(Stream upstream, CancellationToken cancellation)
    {
        foreach (var piece in Pieces)
        {
            await upstream.WriteAsync(piece, cancellation);
        }
    }
}
