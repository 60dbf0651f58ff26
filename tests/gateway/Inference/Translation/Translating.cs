using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Inference.Translation;
using Freeway.Gateway.Models;
using Freeway.Gateway.Tests.Inference.Relay;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Inference.Translation;

/// <summary>Answers of chat completions, translated to messages and relayed as the pipeline does it.</summary>
internal static class Translating
{
    private static readonly JsonBody Request = Parsed();

    public static async Task<(RelayResult Result, string Sent)> StreamAsync(IEnumerable<byte[]> portions, Exception? end = null)
    {
        var upstream = new PortionedStream(portions, end);
        var translation = AnswerTranslation.ToMessages(Reply(200, "text/event-stream", upstream), Request, "1");
        var caller = new RecordingCaller();
        var relay = new StreamRelay(Microsoft.Extensions.Options.Options.Create(new RelayOptions()), TimeProvider.System);
        var result = await relay.RelayAsync(
            translation.Reply.Body, caller, StreamShape.Messages, hideUsage: false, addendum: null, CancellationToken.None);
        return (translation.Amend(result), Encoding.UTF8.GetString(caller.Sent));
    }

    public static async Task<(RelayResult Result, string Sent)> WholeAsync(IEnumerable<byte[]> portions, int status = 200)
    {
        var upstream = new PortionedStream(portions);
        var translation = AnswerTranslation.ToMessages(Reply(status, "application/json", upstream), Request, "1");
        var caller = new RecordingCaller();
        var relay = new JsonRelay(Microsoft.Extensions.Options.Options.Create(new RelayOptions()), TimeProvider.System);
        var result = await relay.RelayAsync(
            translation.Reply.Body, caller, keep: false, withholdError: status is 200, addendum: null, CancellationToken.None);
        return (translation.Amend(result), Encoding.UTF8.GetString(caller.Sent));
    }

    public static Task<(RelayResult Result, string Sent)> StreamAsync(string text, Exception? end = null) =>
        StreamAsync([Encoding.UTF8.GetBytes(text)], end);

    public static Task<(RelayResult Result, string Sent)> WholeAsync(string text, int status = 200) =>
        WholeAsync([Encoding.UTF8.GetBytes(text)], status);

    /// <summary>Chunks of one stream, each with these members of its first choice.</summary>
    public static string Chunks(params string[] choices) => string.Concat(choices.Select(choice =>
        "data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":1790000000,\"model\":\"m-1\",\"choices\":[{\"index\":0,"
        + choice + "}]}\n\n"));

    /// <summary>A chunk with usage alone, and the end.</summary>
    public const string Told =
        "data: {\"id\":\"c-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":7,\"total_tokens\":27,"
        + "\"prompt_tokens_details\":{\"cached_tokens\":5}}}\n\ndata: [DONE]\n\n";

    /// <summary>The data of the events, in order; each is named as its type says.</summary>
    public static IReadOnlyList<JsonElement> Events(string sent)
    {
        var events = new List<JsonElement>();
        foreach (var whole in sent.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = whole.Split('\n');
            lines.Length.ShouldBe(2, whole);
            var data = JsonElement.Parse(lines[1]["data: ".Length..]);
            lines[0].ShouldBe("event: " + data.GetProperty("type").GetString());
            events.Add(data);
        }

        return events;
    }

    public static IEnumerable<string> Types(string sent) => Events(sent).Select(data => data.GetProperty("type").GetString()!);

    /// <summary>The message that a client makes of the events, block by block.</summary>
    public static JsonElement Message(string sent)
    {
        var (blocks, texts) = (new List<Dictionary<string, object?>>(), new List<StringBuilder>());
        Dictionary<string, object?> message = [];
        foreach (var data in Events(sent))
        {
            switch (data.GetProperty("type").GetString())
            {
                case "message_start":
                    message = data.GetProperty("message").EnumerateObject().ToDictionary(each => each.Name, each => (object?)each.Value);
                    break;
                case "content_block_start":
                    data.GetProperty("index").GetInt32().ShouldBe(blocks.Count);
                    blocks.Add(data.GetProperty("content_block").EnumerateObject().ToDictionary(each => each.Name, each => (object?)each.Value));
                    texts.Add(new StringBuilder());
                    break;
                case "content_block_delta":
                    var (index, delta) = (data.GetProperty("index").GetInt32(), data.GetProperty("delta"));
                    foreach (var name in new[] { "text", "thinking", "partial_json", "signature" })
                    {
                        if (delta.TryGetProperty(name, out var piece) && name is not "signature")
                        {
                            // As it is written: a piece may end in half a character.
                            texts[index].Append(piece.GetRawText()[1..^1]);
                            blocks[index][name is "partial_json" ? "input" : name] = null;
                        }
                        else if (delta.TryGetProperty(name, out var signature))
                        {
                            blocks[index][name] = signature;
                        }
                    }

                    break;
                case "message_delta":
                    foreach (var each in data.GetProperty("delta").EnumerateObject())
                    {
                        message[each.Name] = each.Value;
                    }

                    message["usage"] = data.GetProperty("usage");
                    break;
            }
        }

        for (var index = 0; index < blocks.Count; index++)
        {
            foreach (var name in blocks[index].Where(each => each.Value is null).Select(each => each.Key).ToList())
            {
                var text = JsonElement.Parse($"\"{texts[index]}\"");
                blocks[index][name] = name is "input" ? JsonElement.Parse(text.GetString()!) : text;
            }
        }

        message["content"] = blocks;
        return JsonSerializer.SerializeToElement(message);
    }

    private static UpstreamReply Reply(int status, string type, Stream body) =>
        new(status, type, null, ReadOnlyDictionary<string, string>.Empty, body, body);

    private static JsonBody Parsed() =>
        Freeway.Gateway.Tests.Inference.Request.RequestBodyTests.Accepted(
            """{"model":"m","max_tokens":100,"messages":[{"role":"user","content":"hello there!!!"}]}""", Surface.Messages);
}
