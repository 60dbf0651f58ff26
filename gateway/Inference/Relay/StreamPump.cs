using System.Buffers;
using System.IO.Pipelines;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// One stream on its way: reads what is there, passes on all whole events of it, flushes, reads again. Of an unfinished
/// event nothing goes out, unless it is too long to wait for: then it goes out, and is read, piece by piece.
/// </summary>
internal sealed class StreamPump(
    PipeReader upstream,
    CallerPipe caller,
    SilenceWatch watch,
    RelayOptions options,
    StreamShape shape,
    bool hideUsage,
    StreamAddendum? addendum,
    TimeProvider time,
    CancellationTokenSource stop)
{
    /// <summary>
    /// The number of bytes of an unfinished event that are kept against the connection breaking: a last <c>[DONE]</c>,
    /// or a usage chunk.
    /// </summary>
    private const int LongestTail = 1024;

    private readonly long _start = time.GetTimestamp();
    private readonly AnswerReader _answer = new();
    private EventScanner _scanner;
    private long _scanned;
    private bool _hidLast;
    private bool _done;
    private bool _leaving;
    private bool _reportedError;
    private bool _beganWithError;
    private bool _anyEvent;
    private bool _openEnd;
    private byte[] _tail = [];
    private ReadOnlySequence<byte>? _carrier;
    private TimeSpan? _firstEventAfter;

    private EventReader Events => field ??= new EventReader(_answer);

    /// <summary>Gets whether the answer has come to its end, even if the stream has not.</summary>
    private bool IsWhole => _done || _answer.FinishReason is not null || _answer.IsComplete;

    /// <summary>
    /// Gets whether the answer is whole if the stream ends here: some upstreams end in usage, and name no finish
    /// reason.
    /// </summary>
    private bool IsWholeAtEnd => IsWhole || _answer.EndsInUsage;

    /// <summary>
    /// Gets whether nothing more is passed on. Named events go on after an error: <c>response.failed</c> follows it,
    /// and is the proper end that clients wait for.
    /// </summary>
    private bool IsOver => _beganWithError || (_reportedError && shape is not StreamShape.Events);

    private bool IsFailure => _reportedError || _answer is { FinishReason: AnswerReader.Failed, HasContent: false };

    /// <summary>
    /// Gets whether the event read last is the one that the addendum goes into, or before which it goes.
    /// </summary>
    private bool IsCarrier =>
        addendum is { IsOwed: true } && !_reportedError && !_beganWithError
        && (_done || (!addendum.IsSilent && IsWhole && _answer.IsUsageOnly && Events.Close is not null));

    public async Task<RelayEnding> PumpAsync()
    {
        var ending = await PumpToEndAsync();
        if (ending is RelayEnding.Completed && !_reportedError && addendum is { IsOwed: true })
        {
            await addendum.WriteLastAsync(_openEnd || caller.InsideEvent, _answer, Result(ending));
        }

        return ending;
    }

    private async Task<RelayEnding> PumpToEndAsync()
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
                return await InterruptedAsync();
            }

            if (!await PassOnAsync(read))
            {
                return _done ? RelayEnding.Completed : RelayEnding.CallerGone;
            }

            if (read.IsCompleted || IsOver)
            {
                return Ending();
            }
        }
    }

    /// <summary>
    /// Tells a caller who has seen a part of the answer that there will be no more, unless the upstream has told in the
    /// same way: an error without a finish reason goes unnoticed by some clients.
    /// </summary>
    public async Task BreakOffAsync(bool timedOut)
    {
        var isNamed = shape is StreamShape.Events or StreamShape.Messages;
        var told = _reportedError && (isNamed || _answer.FinishReason is "error");
        if (told || !_anyEvent)
        {
            return; // where only comments are out, another upstream may still answer
        }

        if (caller.InsideEvent)
        {
            caller.Bytes.Write("\n\n"u8);
        }

        OwnChunk.WriteBroken(caller.Bytes, shape, OwnChunk.HeadOf(_answer, time.GetUtcNow()), timedOut);
        await caller.FlushAsync();
    }

    public RelayResult Result(RelayEnding ending) =>
        _answer.Result(ending, _firstEventAfter, caller.AnyByteWritten, _reportedError) with
        {
            AnyAnswerWritten = _anyEvent,
            HasUnreadable = Events.HasUnreadable,
        };

    /// <summary>Judges how a stream that was read to its end has ended: completed, or broken by the upstream.</summary>
    private RelayEnding Ending() =>
        _beganWithError || (_reportedError && !_answer.IsLast) || !IsWholeAtEnd ? RelayEnding.UpstreamBroke : RelayEnding.Completed;

    private async ValueTask<RelayEnding> InterruptedAsync()
    {
        if (caller.IsGone)
        {
            return _done ? RelayEnding.Completed : RelayEnding.CallerGone;
        }

        await caller.EnterAsync();
        try
        {
            await PassOnRestAsync(new ReadOnlySequence<byte>(_tail));
            await caller.FlushAsync();
        }
        finally
        {
            caller.Leave();
        }

        return Ending() is RelayEnding.Completed ? RelayEnding.Completed
            : watch.TimedOut ? RelayEnding.UpstreamTimedOut
            : RelayEnding.UpstreamBroke;
    }

    private async ValueTask<bool> PassOnAsync(ReadResult read)
    {
        bool there;
        SequencePosition consumed;
        await caller.EnterAsync();
        try
        {
            consumed = PassOnEvents(read.Buffer);
            while (_carrier is { } carrier)
            {
                await AddToAsync(carrier);
                consumed = PassOnEvents(read.Buffer.Slice(consumed));
            }

            var rest = read.Buffer.Slice(consumed);
            _tail = rest.Length <= LongestTail && !rest.IsEmpty && !read.IsCompleted ? rest.ToArray() : [];
            if (read.IsCompleted && !IsOver)
            {
                await PassOnRestAsync(rest);
            }

            there = await caller.FlushAsync();
        }
        finally
        {
            caller.Leave();
        }

        upstream.AdvanceTo(consumed, read.Buffer.End);
        return there;
    }

    private ValueTask AddToAsync(ReadOnlySequence<byte> carrier)
    {
        _carrier = null;
        return addendum!.WriteIntoAsync(carrier, Events.Close, _answer, Result(RelayEnding.Completed));
    }

    /// <returns>The end of the last whole event, or of the first that the addendum goes with: that one is not written
    ///     yet.</returns>
    private SequencePosition PassOnEvents(in ReadOnlySequence<byte> bytes)
    {
        var rest = new SequenceReader<byte>(bytes);
        rest.Advance(_scanned);
        var (unsent, begin) = (bytes.Start, bytes.Start);
        while (!rest.End && !IsOver)
        {
            var ended = _scanner.Find(rest.UnreadSpan, out var length);
            rest.Advance(length);
            if (!ended)
            {
                continue;
            }

            var whole = bytes.Slice(begin, rest.Position);
            var shown = Show(whole);
            if (IsCarrier)
            {
                caller.Write(bytes.Slice(unsent, begin));
                (_carrier, _scanned) = (whole, 0);
                return rest.Position;
            }

            if (!shown)
            {
                caller.Write(bytes.Slice(unsent, begin));
                unsent = rest.Position;
            }

            begin = rest.Position;
        }

        if (_beganWithError)
        {
            return begin; // at most comments are out: another upstream may answer, or a refusal
        }

        var unfinished = bytes.Slice(begin);
        if (!caller.InsideEvent && unfinished.Length <= options.LongestEvent)
        {
            caller.Write(bytes.Slice(unsent, begin));
            _scanned = unfinished.Length;
            return begin;
        }

        ReadLong(unfinished);
        caller.Write(bytes.Slice(unsent));
        _firstEventAfter ??= time.GetElapsedTime(_start);
        _scanned = 0;
        return bytes.End;
    }

    /// <summary>
    /// An event that the stream ended in: it counts only where it, or one before it, completes the answer.
    /// </summary>
    private async ValueTask PassOnRestAsync(ReadOnlySequence<byte> unfinished)
    {
        if (caller.InsideEvent)
        {
            Events.End(cutShort: true); // all of it is out
        }

        if (unfinished.IsEmpty || !Show(unfinished, cutShort: true) || !IsWholeAtEnd)
        {
            return;
        }

        if (IsCarrier)
        {
            await AddToAsync(unfinished);
            return;
        }

        caller.Write(unfinished);
        _openEnd = true;
    }

    /// <summary>Reads a part of an event that goes out before its end has come.</summary>
    private void ReadLong(in ReadOnlySequence<byte> part)
    {
        if (!caller.InsideEvent)
        {
            Events.Begin();
        }

        Events.Take(part);
        (caller.InsideEvent, _anyEvent) = (true, true);
    }

    /// <summary>Reads a whole event, or the last part of a long one. False where the caller is not to see it.</summary>
    private bool Show(in ReadOnlySequence<byte> whole, bool cutShort = false)
    {
        var isOut = caller.InsideEvent;
        if (isOut)
        {
            caller.InsideEvent = false;
        }
        else if (whole.Length is 1)
        {
            return !_hidLast; // the tail of a line end that was cut in two
        }
        else
        {
            Events.Begin();
        }

        var isFirst = !_anyEvent;
        Events.Take(whole);
        Events.End(cutShort);
        _reportedError |= _answer.HasError || Events.NamedError;
        if (!Events.HasData)
        {
            _hidLast = false;
            return true;
        }

        _firstEventAfter ??= time.GetElapsedTime(_start);
        _beganWithError |= IsFailure && isFirst;
        _anyEvent |= !_beganWithError;
        var isHidden = hideUsage && addendum is null or { IsSilent: true };
        _hidLast = isHidden && !isOut && !_reportedError && _answer.IsUsageOnly;
        SeeEnd();
        return !_hidLast;
    }

    /// <summary>The last event, or an error, leaves the upstream little time for what may follow.</summary>
    private void SeeEnd()
    {
        var isDone = Events.Done || _answer.IsLast;
        if ((isDone && !_done) || (_reportedError && !_leaving))
        {
            _leaving = true;
            stop.CancelAfter(options.UpstreamFarewell);
        }

        _done |= isDone;
    }
}
