using System.Buffers;
using System.Text.Json;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>
/// Turns a stream of chat completions into one of messages, event by event: no more is held than one event. A message
/// begins with the first content, so that a stream that fails before it is still nothing to its caller.
/// </summary>
internal sealed class ChatEvents(TranslatedRequest request) : IAnswerTranslation
{
    /// <summary>No event of text is longer, in bytes; one that is breaks the stream.</summary>
    private const int LongestEvent = 4 * 1024 * 1024;

    private readonly AnswerReader _answer = new();
    private readonly ArrayBufferWriter<byte> _event = new();
    private readonly MessageBlocks _blocks = new();
    private EventReader? _events;
    private EventScanner _scanner;
    private string? _sequence;
    private MeteredUsage? _told;
    private bool _begun;
    private bool _ended;

    private bool IsWhole => Events.Done || _answer.FinishReason is not null || _answer.EndsInUsage;

    private EventReader Events => _events ??= new EventReader(_answer);

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to)
    {
        while (!bytes.IsEmpty)
        {
            var isEnded = _scanner.Find(bytes, out var length);
            _event.Write(bytes[..length]);
            bytes = bytes[length..];
            if (isEnded)
            {
                EndEvent(to, cutShort: false);
            }
            else if (_event.WrittenCount > LongestEvent)
            {
                throw new IOException("An event of the upstream's is too long to be translated.");
            }
        }
    }

    /// <inheritdoc/>
    public void End(IBufferWriter<byte> to)
    {
        if (_event.WrittenCount > 0)
        {
            EndEvent(to, cutShort: true);
        }

        if (IsWhole)
        {
            Stop(to);
        }
    }

    /// <inheritdoc/>
    public bool EndBroken(IBufferWriter<byte> to)
    {
        End(to);
        return IsWhole;
    }

    /// <inheritdoc/>
    public RelayResult Amend(RelayResult passed) =>
        _answer.Amend(passed) with { HasUnreadable = Events.HasUnreadable };

    private void EndEvent(IBufferWriter<byte> to, bool cutShort)
    {
        var whole = _event.WrittenMemory;
        if (whole.Length > 1 && !_ended) // else the tail of a line end that was cut in two
        {
            Events.Begin();
            Events.Take(new ReadOnlySequence<byte>(whole));
            Events.End(cutShort);
            Translate(ServerSentData.Of(whole), to);
        }

        _event.ResetWrittenCount();
    }

    private void Translate(ReadOnlyMemory<byte> data, IBufferWriter<byte> to)
    {
        if (Events.Done)
        {
            Stop(to);
            return;
        }

        using var document = Json.Parse(data);
        if (document is null)
        {
            if (Events.NamedError)
            {
                Fail(to, error: null);
            }

            return; // a comment, or what nobody can read: the reader has noted it
        }

        var chunk = document.RootElement;
        if (Events.NamedError || _answer.HasError)
        {
            Fail(to, chunk);
            return;
        }

        if (FirstChoice(chunk) is { } choice)
        {
            Choice(choice, to);
        }

        if (_answer.FinishReason is not null && !_ended)
        {
            Begin(to);
            _blocks.Close(to);
            TellUsage(to, isLast: false);
        }
    }

    private void Choice(JsonElement choice, IBufferWriter<byte> to)
    {
        var delta = choice.Member("delta") ?? choice.Member("message");
        foreach (var piece in ChatPieces.Of(delta))
        {
            Begin(to);
            _blocks.Add(to, piece, _answer.Id ?? request.Id);
        }

        _sequence = StopReason.SequenceOf(choice) ?? _sequence;
        if (choice.Member("finish_reason").Is("error"))
        {
            Fail(to, error: null);
        }
    }

    private void Begin(IBufferWriter<byte> to)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        var usage = new MeteredUsage(request.PromptTokens, 0, Estimated: true);
        MessageWriter.Event(to, "message_start", json =>
        {
            json.WriteStartObject("message");
            MessageWriter.Head(json, _answer.Id ?? request.Id, _answer.Model ?? "");
            json.WriteStartArray("content");
            json.WriteEndArray();
            MessageWriter.Stop(json, null, null);
            MessageWriter.Usage(json, usage);
            json.WriteEndObject();
        });
    }

    /// <summary>
    /// Tells why the message ended and what it used, once that is known, and again where that changes.
    /// </summary>
    private void TellUsage(IBufferWriter<byte> to, bool isLast)
    {
        var seen = _answer.Result(RelayEnding.Completed, null, anyByteWritten: true, upstreamReportedError: false);
        if (seen.Usage.IsNone && !isLast)
        {
            return; // it may come in a chunk of its own
        }

        var used = request.Used(seen);
        if (used == _told)
        {
            return;
        }

        _told = used;
        MessageWriter.Event(to, "message_delta", json =>
        {
            json.WriteStartObject("delta");
            MessageWriter.Stop(
                json,
                StopReason.Of(_answer.FinishReason, _blocks.Calls, _sequence),
                _blocks.Calls ? null : _sequence);
            json.WriteEndObject();
            MessageWriter.Usage(json, used);
        });
    }

    private void Stop(IBufferWriter<byte> to)
    {
        if (_ended)
        {
            return;
        }

        Begin(to);
        _blocks.Close(to);
        TellUsage(to, isLast: true);
        MessageWriter.Event(to, "message_stop", static _ => { });
        _ended = true;
    }

    private void Fail(IBufferWriter<byte> to, JsonElement? error)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        MessageWriter.Event(to, "error", json => ChatError.Write(json, error, "api_error"));
    }

    /// <summary>The choice that a message is made of: a request of messages asks for one answer.</summary>
    private static JsonElement? FirstChoice(JsonElement chunk) =>
        chunk.Member("choices") is { ValueKind: JsonValueKind.Array } choices
            ? choices.EnumerateArray().Where(IsFirst).Cast<JsonElement?>().FirstOrDefault()
            : null;

    private static bool IsFirst(JsonElement choice) =>
        choice.Member("index") is not { ValueKind: JsonValueKind.Number } index || (index.TryGetInt32(out var at) && at is 0);
}
