using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// One JSON answer on its way: what has come is read as far as its tokens are whole, then goes out, read or not. Only where
/// something is to be added before the closing brace, nothing goes out unread: the brace might be in it.
/// </summary>
internal sealed class JsonPump(
    PipeReader upstream,
    CallerPipe caller,
    SilenceWatch watch,
    RelayOptions options,
    Addendum? addendum,
    KeptAnswer? kept,
    TimeProvider time,
    CancellationToken stop)
{
    private readonly long _start = time.GetTimestamp();
    private readonly AnswerReader _answer = new();
    private JsonReaderState _state;
    private TimeSpan? _firstByteAfter;
    private long _sent;
    private long _worthReading;
    private long? _close;
    private bool _begun;
    private bool _hasMembers;
    private bool _ended;
    private bool _unreadable;

    public async Task<RelayEnding> PumpAsync()
    {
        while (true)
        {
            ReadResult read;
            try
            {
                watch.Waiting();
                read = await upstream.ReadAsync(stop);
                watch.Busy();
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException)
            {
                return caller.IsGone ? RelayEnding.CallerGone
                    : _ended ? RelayEnding.Completed
                    : watch.TimedOut ? RelayEnding.UpstreamTimedOut
                    : RelayEnding.UpstreamBroke;
            }

            var bytes = read.Buffer;
            if (!bytes.IsEmpty)
            {
                _firstByteAfter ??= time.GetElapsedTime(_start);
            }

            var (consumed, sendable) = Read(bytes, read.IsCompleted);
            if (_close is { } close)
            {
                await AddAsync(bytes.Slice(_sent, close - _sent));
                (_sent, _close) = (close, null);
            }

            Send(bytes.Slice(_sent, sendable - _sent));
            var there = await caller.FlushAsync();
            _sent = sendable - consumed;
            upstream.AdvanceTo(bytes.GetPosition(consumed), bytes.End);
            if (!there)
            {
                return RelayEnding.CallerGone;
            }

            if (read.IsCompleted)
            {
                return caller.AnyByteWritten && (_ended || _unreadable || !_begun) ? RelayEnding.Completed : RelayEnding.UpstreamBroke;
            }
        }
    }

    public RelayResult Result(RelayEnding ending) => _answer.Result(ending, _firstByteAfter, caller.AnyByteWritten, _answer.HasError) with
    {
        Kept = ending is RelayEnding.Completed ? kept?.Bytes : null,
    };

    private void Send(in ReadOnlySequence<byte> bytes)
    {
        caller.Write(bytes);
        kept?.Take(bytes);
    }

    /// <param name="before">What is left to send before the closing brace.</param>
    private async ValueTask AddAsync(ReadOnlySequence<byte> before)
    {
        Send(before);
        var added = await addendum!.AskAsync(_answer.Result(RelayEnding.Completed, _firstByteAfter, caller.AnyByteWritten, upstreamReportedError: false));
        if (!added.IsEmpty)
        {
            byte[] name = [.. _hasMembers ? ","u8 : [], .. Addendum.Name];
            Send(new ReadOnlySequence<byte>(name));
            Send(new ReadOnlySequence<byte>(added));
        }
    }

    /// <returns>How many of the bytes are done with, and up to where they may go out.</returns>
    private (long Consumed, long Sendable) Read(in ReadOnlySequence<byte> bytes, bool final)
    {
        // A token that was not whole is tried again when twice as much is there: or a long one would be read from its start each time.
        if (_unreadable || (bytes.Length < _worthReading && !final))
        {
            return (_unreadable ? bytes.Length : 0, addendum is { IsOwed: true } && !_unreadable ? _sent : bytes.Length);
        }

        // Never the final block: whether the document came to its end is for us to say.
        var json = new Utf8JsonReader(bytes, isFinalBlock: false, _state);
        try
        {
            while (json.Read())
            {
                _begun |= json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                _hasMembers |= json.TokenType is JsonTokenType.PropertyName;
                _answer.Take(ref json);
                if (json is { CurrentDepth: 0, TokenType: JsonTokenType.EndObject or JsonTokenType.EndArray })
                {
                    _ended = true;
                    _close = Adds(json.TokenType) ? json.TokenStartIndex : null;
                }
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            _unreadable = true;
            return (bytes.Length, bytes.Length);
        }

        _state = json.CurrentState;
        var left = bytes.Length - json.BytesConsumed;
        _worthReading = left * 2;
        _unreadable = left > options.LongestToken;
        return (_unreadable ? bytes.Length : json.BytesConsumed, bytes.Length);
    }

    private bool Adds(JsonTokenType end) => end is JsonTokenType.EndObject && addendum is { IsOwed: true } && !_answer.HasError;
}
