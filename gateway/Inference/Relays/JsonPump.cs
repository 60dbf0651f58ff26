using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Relays;

/// <summary>One JSON answer on its way: what has come goes out, then it is read as far as its tokens are whole.</summary>
internal sealed class JsonPump(
    PipeReader upstream, CallerPipe caller, SilenceWatch watch, RelayOptions options, TimeProvider time, CancellationToken stop)
{
    private readonly long _start = time.GetTimestamp();
    private readonly AnswerReader _answer = new();
    private JsonReaderState _state;
    private TimeSpan? _firstByteAfter;
    private long _sent;
    private long _worthReading;
    private bool _begun;
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

            caller.Write(bytes.Slice(_sent));
            var there = await caller.FlushAsync();
            var consumed = Read(bytes, read.IsCompleted);
            _sent = bytes.Length - consumed;
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

    public RelayResult Result(RelayEnding ending) => _answer.Result(ending, _firstByteAfter, caller.AnyByteWritten, _answer.HasError);

    /// <returns>How many of the bytes are done with.</returns>
    private long Read(in ReadOnlySequence<byte> bytes, bool final)
    {
        // A token that was not whole is tried again when twice as much is there: or a long one would be read from its start each time.
        if (_unreadable || (bytes.Length < _worthReading && !final))
        {
            return _unreadable ? bytes.Length : 0;
        }

        // Never the final block: whether the document came to its end is for us to say.
        var json = new Utf8JsonReader(bytes, isFinalBlock: false, _state);
        try
        {
            while (json.Read())
            {
                _begun |= json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                _ended |= json is { CurrentDepth: 0, TokenType: JsonTokenType.EndObject or JsonTokenType.EndArray };
                _answer.Take(ref json);
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            _unreadable = true;
            return bytes.Length;
        }

        _state = json.CurrentState;
        var left = bytes.Length - json.BytesConsumed;
        _worthReading = left * 2;
        _unreadable = left > options.LongestToken;
        return _unreadable ? bytes.Length : json.BytesConsumed;
    }
}
