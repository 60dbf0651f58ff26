using System.Text.Json;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>
/// Writes the messages of a request: blocks become contents, calls and answers of tools, in the order in which chat
/// completions want them.
/// </summary>
internal sealed class ChatConversation(Utf8JsonWriter json)
{
    /// <summary>Stands between two blocks of text that become one string.</summary>
    private const string BetweenTexts = "\n\n";

    private string _at = "messages";

    /// <summary>Why the conversation cannot be translated; null where it can.</summary>
    public Refusal? Refusal { get; private set; }

    public void Write(JsonElement? system, JsonElement? messages)
    {
        json.WriteStartArray("messages");
        if (system is { ValueKind: JsonValueKind.String or JsonValueKind.Array } prompt)
        {
            _at = "system";
            Plain("system", prompt);
        }

        var index = 0;
        foreach (var message in messages is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            _at = $"messages[{index++}]";
            Message(message);
        }

        json.WriteEndArray();
    }

    private void Message(JsonElement message)
    {
        var (role, content) = (message.Member("role"), message.Member("content"));
        if (content is not { ValueKind: JsonValueKind.String or JsonValueKind.Array } there)
        {
            Fail($"{_at}.content", "must be a string or an array of blocks.");
        }
        else if (role.Is("assistant"))
        {
            Assistant(there);
        }
        else if (role.Is("user"))
        {
            User(there);
        }
        else if (role.Is("system"))
        {
            Plain("system", there);
        }
        else
        {
            Fail($"{_at}.role", "must be user or assistant.");
        }
    }

    /// <summary>Writes a message that is nothing but text.</summary>
    private void Plain(string role, JsonElement content)
    {
        var texts = Blocks(content).Where(block => TextOf(block) is not null).ToList();
        if (content.ValueKind is JsonValueKind.String || texts.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WritePropertyName("content");
            Texts(content, texts);
            json.WriteEndObject();
        }
    }

    private void User(JsonElement content)
    {
        // What tools answered goes first: it has to follow the calls at once.
        var shown = new List<JsonElement>();
        var index = 0;
        foreach (var block in Blocks(content))
        {
            var at = $"{_at}.content[{index++}]";
            if (block.Member("type").Is("tool_result"))
            {
                ToolResult(block, shown, at);
            }
            else
            {
                Check(block, at);
            }
        }

        var own = Blocks(content).Where(block => !block.Member("type").Is("tool_result"));
        List<JsonElement> parts = [.. shown, .. own];
        if (content.ValueKind is JsonValueKind.String || parts.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WritePropertyName("content");
            if (parts.TrueForAll(part => TextOf(part) is not null))
            {
                Texts(content, parts);
            }
            else
            {
                Parts(parts);
            }

            json.WriteEndObject();
        }
    }

    /// <param name="shown">Takes the images: only a user's message can show them.</param>
    private void ToolResult(JsonElement block, List<JsonElement> shown, string at)
    {
        var (content, texts) = (block.Member("content"), new List<JsonElement>());
        var index = 0;
        foreach (var part in content is { } list ? Blocks(list) : default)
        {
            Check(part, $"{at}.content[{index++}]");
            (TextOf(part) is null ? shown : texts).Add(part);
        }

        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.Copy("tool_call_id", block.Member("tool_use_id"));
        json.WritePropertyName("content");
        Texts(content, texts);
        json.WriteEndObject();
    }

    private void Assistant(JsonElement content)
    {
        List<JsonElement> texts = [], calls = [], thoughts = [];
        var index = 0;
        foreach (var block in Blocks(content))
        {
            var type = block.Member("type");
            var kept = type.Is("text") ? texts : type.Is("tool_use") ? calls : type.Is("thinking") ? thoughts : null;
            kept?.Add(block);
            if (kept is null && !type.Is("redacted_thinking"))
            {
                Unknown(type, $"{_at}.content[{index}]");
            }

            index++;
        }

        if (content.ValueKind is not JsonValueKind.String && texts.Count + calls.Count is 0)
        {
            return; // some upstreams refuse a message that says nothing
        }

        json.WriteStartObject();
        json.WriteString("role", "assistant");
        json.WritePropertyName("content");
        if (texts.Count is 0 && calls.Count > 0)
        {
            json.WriteNullValue();
        }
        else
        {
            Texts(content, texts);
        }

        Thoughts(thoughts);
        Calls(calls);
        json.WriteEndObject();
    }

    /// <summary>
    /// Gives reasoning back under the name that it came by; what another upstream thought is left out.
    /// </summary>
    private void Thoughts(List<JsonElement> thoughts)
    {
        foreach (var name in ReasoningName.All)
        {
            var own = thoughts.Where(block => block.Member("signature").Is(name));
            if (string.Concat(own.Select(block => block.Text("thinking")?.GetString())) is { Length: > 0 } thought)
            {
                json.WriteString(name, thought);
            }
        }
    }

    private void Calls(List<JsonElement> calls)
    {
        if (calls.Count is 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.Copy("id", call.Member("id"));
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.Copy("name", call.Member("name"));
            json.WriteString("arguments", call.Member("input")?.GetRawText() ?? "{}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes texts as one string, and a string as it is.</summary>
    private void Texts(JsonElement? content, List<JsonElement> texts)
    {
        if (content is { ValueKind: JsonValueKind.String } text)
        {
            json.Copy(text);
        }
        else if (texts is [var only])
        {
            json.Copy(TextOf(only)!.Value);
        }
        else
        {
            json.WriteStringValue(string.Join(BetweenTexts, texts.Select(each => TextOf(each)!.Value.GetString())));
        }
    }

    private void Parts(List<JsonElement> parts)
    {
        json.WriteStartArray();
        foreach (var part in parts)
        {
            json.WriteStartObject();
            if (TextOf(part) is { } text)
            {
                json.WriteString("type", "text");
                json.Copy("text", text);
            }
            else if (part.Member("type").Is("image"))
            {
                json.WriteString("type", "image_url");
                json.WriteStartObject("image_url");
                json.WriteString("url", UrlOf(part.Member("source")));
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("filename", part.Text("title")?.GetString() ?? "document.pdf");
                json.WriteString("file_data", UrlOf(part.Member("source")));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// Refuses a block that is no text, image or file, or that is kept where only its upstream knows.
    /// </summary>
    private void Check(JsonElement block, string at)
    {
        var (type, source) = (block.Member("type"), block.Member("source").Member("type"));
        var isSent = source.Is("base64") || (type.Is("image") && source.Is("url"));
        if (!(type.Is("image") || type.Is("document")) && TextOf(block) is null)
        {
            Unknown(type, at);
        }
        else if (TextOf(block) is null && !isSent)
        {
            Fail($"{at}.source", "must be sent as base64 for this model.");
        }
    }

    private void Unknown(JsonElement? type, string at) => Fail(
        at,
        $"is a block of type '{(type is { ValueKind: JsonValueKind.String } name ? name.GetString() : "")}', which "
            + "this model's upstream does not know. Leave it out, or choose another model.");

    private void Fail(string param, string what) => Refusal ??= Refuse.InvalidField(param, $"'{param}' {what}");

    /// <summary>The text of a block that is nothing else: a text, or a document of plain text.</summary>
    private static JsonElement? TextOf(JsonElement block) =>
        block.Member("type").Is("text") ? StringOf(block.Member("text"))
        : block.Member("source").Member("type").Is("text") ? StringOf(block.Member("source").Member("data"))
        : null;

    private static JsonElement? StringOf(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } ? value : null;

    private static string UrlOf(JsonElement? source) => source.Member("type").Is("url")
        ? StringOf(source.Member("url"))?.GetString() ?? ""
        : $"data:{StringOf(source.Member("media_type"))?.GetString()};base64,{StringOf(source.Member("data"))?.GetString()}";

    /// <summary>The blocks of a content; none of one that is a string.</summary>
    private static JsonElement.ArrayEnumerator Blocks(JsonElement content) =>
        content.ValueKind is JsonValueKind.Array ? content.EnumerateArray() : default;
}
