using System.Buffers;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>Writes the addendum into a stream: in the usage chunk, or in a chunk of our own where there is none.</summary>
internal sealed class StreamAddendum(Addendum addendum, CallerPipe caller, StreamShape shape, TimeProvider time)
{
    /// <inheritdoc cref="Addendum.IsOwed"/>
    public bool IsOwed => addendum.IsOwed;

    /// <inheritdoc cref="Addendum.IsSilent"/>
    public bool IsSilent => addendum.IsSilent;

    /// <summary>Writes a whole event, with the addendum as the last member of its JSON.</summary>
    /// <param name="close">Where the JSON's closing brace stands; null puts the addendum before the event.</param>
    public async ValueTask WriteIntoAsync(ReadOnlySequence<byte> carrier, long? close, AnswerReader answer, RelayResult soFar)
    {
        var added = await addendum.AskAsync(soFar);
        if (close is { } brace && !added.IsEmpty)
        {
            caller.Write(carrier.Slice(0, brace));
            caller.Bytes.Write(","u8);
            caller.Bytes.Write(Addendum.Name);
            caller.Bytes.Write(added.Span);
            caller.Write(carrier.Slice(brace));
        }
        else
        {
            WriteChunk(added, answer);
            caller.Write(carrier);
        }
    }

    /// <summary>Writes it behind all else.</summary>
    /// <param name="openEnd">Whether what went before lacks its blank line.</param>
    public async ValueTask WriteLastAsync(bool openEnd, AnswerReader answer, RelayResult soFar)
    {
        await caller.EnterAsync();
        try
        {
            var added = await addendum.AskAsync(soFar);
            if (!added.IsEmpty && openEnd)
            {
                caller.Bytes.Write("\n\n"u8);
            }

            WriteChunk(added, answer);
            await caller.FlushAsync();
        }
        finally
        {
            caller.Leave();
        }
    }

    private void WriteChunk(ReadOnlyMemory<byte> added, AnswerReader answer)
    {
        if (!added.IsEmpty)
        {
            OwnChunk.WriteAddendum(caller.Bytes, shape, OwnChunk.HeadOf(answer, time.GetUtcNow()), added);
        }
    }
}

/// <summary>
/// Represents what Freeway adds to an answer: a JSON object under the name <c>freeway</c>. It is asked for once, when
/// all that was used is known.
/// </summary>
internal sealed class Addendum(Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>> ask, bool isSilent = false)
{
    /// <summary>
    /// Gets whether nothing is ever added, so that no event is shown for it: only the end of the answer waits.
    /// </summary>
    public bool IsSilent => isSilent;

    /// <summary>Gets whether the addendum has not been asked for yet.</summary>
    public bool IsOwed { get; private set; } = true;

    public static ReadOnlySpan<byte> Name => "\"freeway\":"u8;

    /// <returns>The object's bytes, or none where nothing is to be added.</returns>
    public ValueTask<ReadOnlyMemory<byte>> AskAsync(RelayResult soFar)
    {
        IsOwed = false;
        return ask(soFar);
    }
}
