using System.Text.Json;

namespace Freeway.Gateway.Inference.Metering;

/// <summary>
/// Reads <c>usage</c> objects token by token, in the spelling of chat completions, of responses or of messages. A later
/// report overrules an earlier one, but 0 never overrules a count. Null, negative, absurd and non-numeric values are
/// passed over.
/// </summary>
public struct UsageReader
{
    /// <summary>
    /// The most tokens that are believed, more than any request can use; a report of more counts as none.
    /// </summary>
    public const long Most = 1_000_000_000;

    private UsageField _field;
    private UsageField _detail;
    private long? _prompt;
    private long? _completion;
    private long? _total;
    private long? _cached;
    private long? _reasoning;
    private long? _seconds;
    private InputReport _input;
    private InputReport _inputNow;
    private bool _isPreliminary;

    /// <summary>All that was reported so far.</summary>
    public readonly TokenUsage Usage
    {
        get
        {
            var input = _input.Then(_inputNow);
            var prompt = _prompt is > 0 || input.IsNone ? _prompt : input.Sum;
            var cached = _cached ?? input.Read;
            return (prompt, _completion, _total, cached, _reasoning) is (null, null, null, null, null)
                ? TokenUsage.None
                : new TokenUsage(prompt, _completion, _total) { Cached = cached, Reasoning = _reasoning };
        }
    }

    /// <summary>
    /// Gets the length of the sound that the upstream listened to, in seconds, rounded up; null where the report does
    /// not say it, or says 0.
    /// </summary>
    public readonly long? Seconds => _seconds is > 0 ? _seconds : null;

    /// <summary>Begins another report of the same.</summary>
    /// <param name="isPreliminary">
    /// Whether the output has only begun: what the report says of it is then no count of it.
    /// </param>
    public void Begin(bool isPreliminary)
    {
        (_input, _inputNow, _isPreliminary) = (_input.Then(_inputNow), default, isPreliminary);
    }

    /// <summary>Takes the next token within the object.</summary>
    /// <param name="level">1 for a direct member, name or value; 2 for a member of one of the details; others are
    ///     passed over.</param>
    public void Take(ref Utf8JsonReader json, int level)
    {
        switch (json.TokenType, level)
        {
            case (JsonTokenType.PropertyName, 1):
                _field = Member(ref json);
                break;
            case (JsonTokenType.PropertyName, 2):
                _detail = Detail(ref json);
                break;
            case (JsonTokenType.Number, 1):
                Value(ref json, _field);
                break;
            case (JsonTokenType.Number, 2):
                Value(ref json, _detail);
                break;
        }
    }

    /// <summary>Takes a later report of the same.</summary>
    internal void Take(in UsageReader later)
    {
        Later(ref _prompt, later._prompt);
        Later(ref _completion, later._completion);
        Later(ref _total, later._total);
        Later(ref _cached, later._cached);
        Later(ref _reasoning, later._reasoning);
        Later(ref _seconds, later._seconds);
        (_input, _inputNow) = (_input.Then(_inputNow), later._input.Then(later._inputNow));
    }

    /// <summary>A count from 0 to <see cref="Most"/>, a fraction rounded up; null for every other number.</summary>
    internal static long? Count(ref Utf8JsonReader json)
    {
        if (json.TryGetInt64(out var whole))
        {
            return whole is >= 0 and <= Most ? whole : null;
        }

        return json.TryGetDouble(out var broken) && broken is >= 0 and <= Most ? (long)Math.Ceiling(broken) : null;
    }

    private static UsageField Member(ref Utf8JsonReader json) =>
        json.ValueTextEquals("prompt_tokens"u8) ? UsageField.Prompt
        : json.ValueTextEquals("input_tokens"u8) ? UsageField.Input
        : json.ValueTextEquals("cache_read_input_tokens"u8) ? UsageField.CacheRead
        : json.ValueTextEquals("cache_creation_input_tokens"u8) ? UsageField.CacheWritten
        : json.ValueTextEquals("completion_tokens"u8) || json.ValueTextEquals("output_tokens"u8) ? UsageField.Completion
        : json.ValueTextEquals("total_tokens"u8) ? UsageField.Total
        : json.ValueTextEquals("prompt_tokens_details"u8) || json.ValueTextEquals("input_tokens_details"u8) ? UsageField.PromptDetails
        : json.ValueTextEquals("completion_tokens_details"u8) || json.ValueTextEquals("output_tokens_details"u8)
            ? UsageField.CompletionDetails
        : json.ValueTextEquals("cached_tokens"u8) || json.ValueTextEquals("prompt_cache_hit_tokens"u8) ? UsageField.Cached
        : json.ValueTextEquals("reasoning_tokens"u8) ? UsageField.Reasoning
        : json.ValueTextEquals("seconds"u8) ? UsageField.Seconds
        : UsageField.Other;

    private readonly UsageField Detail(ref Utf8JsonReader json) => _field switch
    {
        UsageField.PromptDetails when json.ValueTextEquals("cached_tokens"u8) => UsageField.Cached,
        UsageField.CompletionDetails
            when json.ValueTextEquals("reasoning_tokens"u8) || json.ValueTextEquals("thinking_tokens"u8) => UsageField.Reasoning,
        _ => UsageField.Other,
    };

    private void Value(ref Utf8JsonReader json, UsageField field)
    {
        if (Count(ref json) is not { } count)
        {
            return;
        }

        switch (field)
        {
            case UsageField.Prompt: Overrule(ref _prompt, count); break;
            case UsageField.Input: _inputNow.Fresh = Known(_inputNow.Fresh, count); break;
            case UsageField.CacheRead: _inputNow.Read = Known(_inputNow.Read, count); break;
            case UsageField.CacheWritten: _inputNow.Written = Known(_inputNow.Written, count); break;
            case UsageField.Completion when _isPreliminary: break;
            case UsageField.Completion: Overrule(ref _completion, count); break;
            case UsageField.Total: Overrule(ref _total, count); break;
            case UsageField.Cached: Overrule(ref _cached, count); break;
            case UsageField.Reasoning: Overrule(ref _reasoning, count); break;
            case UsageField.Seconds: Overrule(ref _seconds, count); break;
        }
    }

    private static void Later(ref long? known, long? count)
    {
        if (count is { } told)
        {
            Overrule(ref known, told);
        }
    }

    private static void Overrule(ref long? known, long count) => known = Known(known, count);

    private static long? Known(long? known, long count) => count > 0 ? count : known ?? count;
}

/// <summary>The members of a <c>usage</c> object that are read.</summary>
internal enum UsageField
{
    Other,
    Prompt,

    /// <summary>Prompt tokens; in the spelling of messages those that no cache had to do with.</summary>
    Input,

    /// <summary>Prompt tokens that were read from the cache, beside <see cref="Input"/>.</summary>
    CacheRead,

    /// <summary>Prompt tokens that were written to the cache, beside <see cref="Input"/>.</summary>
    CacheWritten,
    Completion,
    Total,
    PromptDetails,
    CompletionDetails,

    /// <summary>Prompt tokens that the upstream had in its cache.</summary>
    Cached,

    /// <summary>Output tokens that the model thought with.</summary>
    Reasoning,
    Seconds,
}

/// <summary>
/// The prompt as one report splits it: messages count what the cache had to do with beside <c>input_tokens</c>.
/// </summary>
internal record struct InputReport(long? Fresh, long? Read, long? Written)
{
    public readonly bool IsNone => (Fresh, Read, Written) is (null, null, null);

    public readonly long Sum => (Fresh ?? 0) + (Read ?? 0) + (Written ?? 0);

    /// <summary>
    /// Joins this report with a later one: what that leaves out stays, and one of no tokens at all overrules nothing.
    /// </summary>
    public readonly InputReport Then(InputReport later) => later.Sum is 0
        ? new(Fresh ?? later.Fresh, Read ?? later.Read, Written ?? later.Written)
        : new(later.Fresh ?? Fresh, later.Read ?? Read, later.Written ?? Written);
}
