using System.Text.Json;

namespace Freeway.Gateway.Inference.Metering;

/// <summary>
/// Reads <c>usage</c> objects member by member, in the spelling of chat completions or of responses. A later report
/// overrules an earlier one, but 0 never overrules a count. Null, negative, absurd and non-numeric values are passed over.
/// </summary>
public struct UsageReader
{
    /// <summary>More tokens than any request can use; whoever reports more has no count at all.</summary>
    public const long Most = 1_000_000_000;

    private UsageField _field;
    private long? _prompt;
    private long? _completion;
    private long? _total;
    private long? _seconds;

    public readonly TokenUsage Usage =>
        (_prompt, _completion, _total) is (null, null, null) ? TokenUsage.None : new TokenUsage(_prompt, _completion, _total);

    /// <summary>Of sound that was listened to, rounded up; null where the report says nothing of it, or 0.</summary>
    public readonly long? Seconds => _seconds is > 0 ? _seconds : null;

    /// <summary>Takes the name of a direct member of the object.</summary>
    public void Name(ref Utf8JsonReader json) => _field =
        json.ValueTextEquals("prompt_tokens"u8) || json.ValueTextEquals("input_tokens"u8) ? UsageField.Prompt
        : json.ValueTextEquals("completion_tokens"u8) || json.ValueTextEquals("output_tokens"u8) ? UsageField.Completion
        : json.ValueTextEquals("total_tokens"u8) ? UsageField.Total
        : json.ValueTextEquals("seconds"u8) ? UsageField.Seconds
        : UsageField.Other;

    /// <summary>Takes the value of the member named last.</summary>
    public void Value(ref Utf8JsonReader json)
    {
        if (json.TokenType is not JsonTokenType.Number || Count(ref json) is not { } count)
        {
            return;
        }

        switch (_field)
        {
            case UsageField.Prompt: Overrule(ref _prompt, count); break;
            case UsageField.Completion: Overrule(ref _completion, count); break;
            case UsageField.Total: Overrule(ref _total, count); break;
            case UsageField.Seconds: Overrule(ref _seconds, count); break;
            case UsageField.Other: break;
        }
    }

    private static void Overrule(ref long? known, long count) => known = count > 0 ? count : known ?? count;

    internal static long? Count(ref Utf8JsonReader json)
    {
        if (json.TryGetInt64(out var whole))
        {
            return whole is >= 0 and <= Most ? whole : null;
        }

        return json.TryGetDouble(out var broken) && broken is >= 0 and <= Most ? (long)Math.Ceiling(broken) : null;
    }
}

internal enum UsageField
{
    Other,
    Prompt,
    Completion,
    Total,
    Seconds,
}
