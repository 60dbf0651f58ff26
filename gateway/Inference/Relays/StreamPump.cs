using System.Buffers;
using System.IO.Pipelines;

namespace Freeway.Gateway.Inference.Relays;

/// <summary>
/// One stream on its way: reads what is there, passes on all whole events of it, flushes, reads again. Of an unfinished
/// event nothing goes out, unless it is too long to wait for.
/// </summary>
internal sealed class StreamPump(
    PipeReader upstream, CallerPipe caller, SilenceWatch watch, RelayOptions options, bool hideUsage, TimeProvider time, CancellationTokenSource stop)
{
    private readonly long _start = time.GetTimestamp();
    private readonly AnswerReader _answer = new();
    private EventScanner _scanner;
    private long _scanned;
    private bool _hidLast;
    private bool _done;
    private bool _reportedError;
    private bool _beganWithError;
    private TimeSpan? _firstEventAfter;

    private EventReader Events => field ??= new EventReader(_answer);

    /// <summary>Whether the answer has come to its end, even if the stream has not.</summary>
    private bool IsWhole => _done || _answer.FinishReason is not null;

    public async Task<RelayEnding> PumpAsync()
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
                return IsWhole && !_reportedError ? RelayEnding.Completed : RelayEnding.UpstreamBroke;
            }
        }
    }

    /// <summary>
    /// Tells a caller who has seen a part of the answer that there will be no more, unless the upstream has told in the same way:
    /// an error without a finish reason goes unnoticed by some clients.
    /// </summary>
    public async Task BreakOffAsync(bool timedOut)
    {
        if ((_reportedError && _answer.FinishReason is "error") || !caller.AnyByteWritten)
        {
            return;
        }

        if (caller.InsideEvent)
        {
            caller.Bytes.Write("\n\n"u8);
        }

        BrokenChunk.Write(caller.Bytes, _answer, time.GetUtcNow(), timedOut);
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
            if (read.IsCompleted && !_reportedError)
            {
                PassOnRest(read.Buffer.Slice(consumed));
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

    /// <returns>The end of the last whole event.</returns>
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

            if (!Show(bytes.Slice(begin, rest.Position)))
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
    private void PassOnRest(in ReadOnlySequence<byte> unfinished)
    {
        if (!unfinished.IsEmpty && Show(unfinished) && IsWhole)
        {
            caller.Write(unfinished);
        }
    }

    /// <summary>Reads a whole event. False where the caller is not to see it.</summary>
    private bool Show(in ReadOnlySequence<byte> whole)
    {
        if (caller.InsideEvent)
        {
            caller.InsideEvent = false;
            return true;
        }

        if (whole.Length is 1)
        {
            return !_hidLast; // the tail of a line end that was cut in two
        }

        var isFirst = _firstEventAfter is null;
        if (Events.Read(whole))
        {
            _firstEventAfter ??= time.GetElapsedTime(_start);
        }

        _reportedError |= _answer.HasError || Events.NamedError;
        _beganWithError |= _reportedError && isFirst;
        _hidLast = hideUsage && !_reportedError && _answer.IsUsageOnly;
        if (Events.Done && !_done)
        {
            _done = true;
            stop.CancelAfter(options.UpstreamFarewell);
        }

        return !_hidLast;
    }
}
