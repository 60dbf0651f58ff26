using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Recognises a stream of events by how it begins, where one was asked for and the upstream calls it plain text, or
/// nothing.
/// </summary>
public static class StreamRecognition
{
    private const int Looked = 64;

    /// <summary>Waits for the first bytes of an answer that does not say that it is a stream.</summary>
    /// <param name="wanted">Whether the caller asked for a stream.</param>
    /// <returns>The reply, typed as what it is; nothing of its body is lost.</returns>
    public static async Task<UpstreamReply> RecogniseAsync(UpstreamReply reply, bool wanted, CancellationToken cancellation)
    {
        if (!wanted || !reply.IsSuccess || reply.IsEventStream)
        {
            return reply;
        }

        var begin = new byte[Looked];
        var length = 0;
        bool? isStream = null;
        while (isStream is null && length < Looked)
        {
            var read = 0;
            try
            {
                read = await reply.Body.ReadAsync(begin.AsMemory(length), cancellation);
            }
            catch (IOException)
            {
                // The relay finds out by itself that the upstream has dropped.
            }

            length += read;
            isStream = read is 0 ? false : IsStream(begin.AsSpan(0, length));
        }

        return reply with
        {
            Body = new BegunStream(begin.AsMemory(0, length), reply.Body),
            ContentType = isStream is true ? "text/event-stream" : reply.ContentType,
        };
    }

    /// <summary>
    /// Tells from its first bytes whether a body is a stream of events; null while it cannot be told.
    /// </summary>
    public static bool? IsStream(ReadOnlySpan<byte> begin)
    {
        var text = begin.StartsWith("\uFEFF"u8) ? begin[3..] : begin;
        text = text.TrimStart("\r\n"u8);
        return text.IsEmpty ? null : text[0] switch
        {
            (byte)':' => true,
            (byte)'d' => Begins(text, "data:"u8),
            (byte)'e' => Begins(text, "event:"u8),
            _ => false,
        };
    }

    private static bool? Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        text.StartsWith(name) ? true : name.StartsWith(text) ? null : false;
}

/// <summary>A stream of which the beginning has been read already.</summary>
internal sealed class BegunStream(ReadOnlyMemory<byte> begin, Stream rest) : ForwardStream(rest)
{
    private ReadOnlyMemory<byte> _begin = begin;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_begin.IsEmpty)
        {
            return Source.ReadAsync(buffer, cancellationToken);
        }

        var length = Math.Min(buffer.Length, _begin.Length);
        _begin[..length].CopyTo(buffer);
        _begin = _begin[length..];
        return new(length);
    }
}
