using System.Buffers;
using System.IO.Pipelines;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// One stream on its way: reads what is there, passes on all whole events of it, flushes, reads again. Of an unfinished
/// event nothing goes out, unless it is too long to wait for.
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
    private readonly long _start = time.GetTimestamp();
    private readonly AnswerReader _answer = new();
    private EventScanner _scanner;
    private long _scanned;
    private bool _hidLast;
    private bool _done;
    private bool _reportedError;
    private bool _beganWithError;
    private bool _lastUnread;
    private bool _openEnd;
    private ReadOnlySequence<byte>? _carrier;
    private TimeSpan? _firstEventAfter;

    private EventReader Events => field ??= new EventReader(_answer);

    /// <summary>Whether the answer has come to its end, even if the stream has not.</summary>
    private bool IsWhole => _done || _answer.FinishReason is not null || _answer.IsComplete;

    /// <summary>Whether the event read last is the one that the addendum goes into, or before which it goes.</summary>
    private bool IsCarrier =>
        addendum is { IsOwed: true } && !_reportedError && (_done || (!addendum.IsSilent && IsWhole && _answer.IsUsageOnly && Events.Close is not null));

    public async Task<RelayEnding> PumpAsync()
    {
        var ending = await PumpToEndAsync();
        if (ending is RelayEnding.Completed && addendum is { IsOwed: true })
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
                watch.Waiting();
                read = await upstream.ReadAsync(stop.Token);
                watch.Busy();
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException)
            {
                return Interrupted();
            }

            if (!await PassOnAsync(read))
            {
                return _done ? RelayEnding.Completed : RelayEnding.CallerGone;
            }

            if (read.IsCompleted || _reportedError)
            {
                return (IsWhole || _lastUnread) && !_reportedError ? RelayEnding.Completed : RelayEnding.UpstreamBroke;
            }
        }
    }

    /// <summary>
    /// Tells a caller who has seen a part of the answer that there will be no more, unless the upstream has told in the same way:
    /// an error without a finish reason goes unnoticed by some clients.
    /// </summary>
    public async Task BreakOffAsync(bool timedOut)
    {
        var told = _reportedError && (shape is StreamShape.Events || _answer.FinishReason is "error");
        if (told || !caller.AnyByteWritten)
        {
            return;
        }

        if (caller.InsideEvent)
        {
            caller.Bytes.Write("\n\n"u8);
        }

        OwnChunk.WriteBroken(caller.Bytes, shape, OwnChunk.HeadOf(_answer, time.GetUtcNow()), timedOut);
        await caller.FlushAsync();
    }

    public RelayResult Result(RelayEnding ending) => _answer.Result(ending, _firstEventAfter, caller.AnyByteWritten, _reportedError);

    private RelayEnding Interrupted() => caller.IsGone
        ? _done ? RelayEnding.Completed : RelayEnding.CallerGone
        : IsWhole ? RelayEnding.Completed
        : watch.TimedOut ? RelayEnding.UpstreamTimedOut
        : RelayEnding.UpstreamBroke;

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

            if (read.IsCompleted && !_reportedError)
            {
                await PassOnRestAsync(read.Buffer.Slice(consumed));
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

    /// <returns>The end of the last whole event, or of the first that the addendum goes with: that one is not written yet.</returns>
    private SequencePosition PassOnEvents(in ReadOnlySequence<byte> bytes)
    {
        var rest = new SequenceReader<byte>(bytes);
        rest.Advance(_scanned);
        var (unsent, begin) = (bytes.Start, bytes.Start);
        while (!rest.End && !_reportedError)
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

        if (_beganWithError && !caller.AnyByteWritten)
        {
            return begin; // nothing is out yet: the door can still answer as it sees fit
        }

        var unfinished = bytes.Slice(begin);
        if (!caller.InsideEvent && unfinished.Length <= options.LongestEvent)
        {
            caller.Write(bytes.Slice(unsent, begin));
            _scanned = unfinished.Length;
            return begin;
        }

        caller.InsideEvent = true;
        caller.Write(bytes.Slice(unsent));
        _firstEventAfter ??= time.GetElapsedTime(_start);
        _scanned = 0;
        return bytes.End;
    }

    /// <summary>An event that the stream ended in: it counts only where it, or one before it, completes the answer.</summary>
    private async ValueTask PassOnRestAsync(ReadOnlySequence<byte> unfinished)
    {
        if (unfinished.IsEmpty || !Show(unfinished) || !IsWhole)
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

    /// <summary>Reads a whole event. False where the caller is not to see it.</summary>
    private bool Show(in ReadOnlySequence<byte> whole)
    {
        if (caller.InsideEvent)
        {
            caller.InsideEvent = false;
            _lastUnread = true;
            return true;
        }

        if (whole.Length is 1)
        {
            return !_hidLast; // the tail of a line end that was cut in two
        }

        _lastUnread = false;
        var isFirst = _firstEventAfter is null;
        if (Events.Read(whole))
        {
            _firstEventAfter ??= time.GetElapsedTime(_start);
        }

        _reportedError |= _answer.HasError || Events.NamedError;
        _beganWithError |= _reportedError && isFirst;
        _hidLast = hideUsage && addendum is null or { IsSilent: true } && !_reportedError && _answer.IsUsageOnly;
        if ((Events.Done || _answer.IsLast) && !_done)
        {
            _done = true;
            stop.CancelAfter(options.UpstreamFarewell);
        }

        return !_hidLast;
    }
}
