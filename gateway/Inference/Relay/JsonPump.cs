using System.Buffers;
using System.IO.Pipelines;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// One JSON answer on its way: what has come is read and goes out at once. Only the beginning waits while it may be
/// that of an answer that holds nothing but an error: such a one never goes out where another upstream may still
/// answer.
/// </summary>
/// <param name="withholdError">Whether an answer that is nothing but an error is kept from the caller.</param>
internal sealed class JsonPump(
    PipeReader upstream,
    CallerPipe caller,
    SilenceWatch watch,
    bool withholdError,
    Addendum? addendum,
    KeptAnswer? kept,
    TimeProvider time)
{
    /// <summary>The longest error, in bytes: what has not shown itself to be an answer by then goes out.</summary>
    private const int LongestError = 16 * 1024;

    private readonly long _start = time.GetTimestamp();
    private readonly AnswerReader _answer = new();
    private TimeSpan? _firstByteAfter;
    private bool _mayBeError = withholdError;
    private long _read;
    private long? _close;

    private JsonPieces Json => field ??= new JsonPieces(_answer);

    private bool IsErrorOnly => _answer is { HasError: true, HasContent: false, Items: 0 } && !Json.IsUnreadable;

    public async Task<RelayEnding> PumpAsync()
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await watch.ReadAsync(upstream);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException)
            {
                return caller.IsGone ? RelayEnding.CallerGone
                    : Json.IsWhole && !_mayBeError ? RelayEnding.Completed
                    : watch.TimedOut ? RelayEnding.UpstreamTimedOut
                    : RelayEnding.UpstreamBroke;
            }

            Read(read.Buffer);
            if (MayBeError(read.Buffer.Length, read.IsCompleted))
            {
                upstream.AdvanceTo(read.Buffer.Start, read.Buffer.End); // what was read stays there until it may go out
            }
            else if (!await PassOnAsync(read.Buffer))
            {
                return RelayEnding.CallerGone;
            }

            if (read.IsCompleted)
            {
                var isWhole = Json.IsWhole || Json.IsUnreadable || !Json.HasBegun;
                return caller.AnyByteWritten && isWhole ? RelayEnding.Completed : RelayEnding.UpstreamBroke;
            }
        }
    }

    public RelayResult Result(RelayEnding ending) => SoFar(ending) with
    {
        Kept = ending is RelayEnding.Completed ? kept?.Bytes : null,
    };

    private RelayResult SoFar(RelayEnding ending) => _answer.Result(ending, _firstByteAfter, caller.AnyByteWritten, _answer.HasError) with
    {
        AnyAnswerWritten = caller.AnyByteWritten,
        HasUnreadable = Json.IsUnreadable || (!Json.HasBegun && caller.AnyByteWritten),
    };

    /// <summary>Reads what is new.</summary>
    private void Read(in ReadOnlySequence<byte> bytes)
    {
        var at = _read;
        foreach (var piece in bytes.Slice(_read))
        {
            _close = Json.Take(piece.Span) is { } close ? at + close : _close;
            at += piece.Length;
        }

        _read = bytes.Length;
        if (!bytes.IsEmpty)
        {
            _firstByteAfter ??= time.GetElapsedTime(_start);
        }
    }

    private bool MayBeError(long length, bool isAll)
    {
        var showsItself = Json.IsUnreadable || _answer.HasContent || (_answer.IsAnswer && !_answer.HasError);
        _mayBeError &= !showsItself && length <= LongestError && (!isAll || IsErrorOnly);
        return _mayBeError;
    }

    private async ValueTask<bool> PassOnAsync(ReadOnlySequence<byte> bytes)
    {
        var sent = 0L;
        if (_close is { } close && addendum is { IsOwed: true } && Json.IsObject && !_answer.HasError)
        {
            await AddAsync(bytes.Slice(0, close));
            sent = close;
        }

        Send(bytes.Slice(sent));
        var there = await caller.FlushAsync();
        upstream.AdvanceTo(bytes.End);
        (_read, _close) = (0, null);
        return there;
    }

    private void Send(in ReadOnlySequence<byte> bytes)
    {
        caller.Write(bytes);
        kept?.Take(bytes);
    }

    /// <param name="before">What is left to send before the closing brace.</param>
    private async ValueTask AddAsync(ReadOnlySequence<byte> before)
    {
        Send(before);
        var added = await addendum!.AskAsync(SoFar(RelayEnding.Completed));
        if (!added.IsEmpty)
        {
            byte[] name = [.. Json.HasMembers ? ","u8 : [], .. Addendum.Name];
            Send(new ReadOnlySequence<byte>(name));
            Send(new ReadOnlySequence<byte>(added));
        }
    }
}
