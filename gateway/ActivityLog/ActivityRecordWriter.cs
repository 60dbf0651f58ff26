using System.Buffers;
using System.Text.Json;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Writes records as <see cref="ActivityJson"/> has the serializer write them, member by member: each request has its
/// record written twice, and the serializer looks up how to write every member of it.
/// </summary>
internal static class ActivityRecordWriter
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <param name="record">A record within its bounds.</param>
    public static byte[] Write(ActivityRecord record)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(2048);
        var json = _writer ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        WriteMembers(json, record);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, ActivityRecord record)
    {
        json.WriteString("id"u8, record.Id);
        Text(json, "caller_request_id"u8, record.CallerRequestId);
        Span<byte> time = stackalloc byte[32];
        json.WriteString("time"u8, time[..RecordTime.Format(record.Time, time)]);
        json.WriteString("org"u8, record.Org);
        json.WriteString("key"u8, record.Key);
        json.WriteString("endpoint"u8, record.Endpoint);
        json.WriteString("slug"u8, record.Slug);
        json.WriteString("model"u8, record.Model);
        Text(json, "variant"u8, record.Variant);
        json.WriteString("tier"u8, record.Tier);
        Text(json, "plan"u8, record.Plan);
        Text(json, "upstream"u8, record.Upstream);
        Text(json, "upstream_request_id"u8, record.UpstreamRequestId);
        Text(json, "upstream_model"u8, record.UpstreamModel);
        json.WriteNumber("status"u8, record.Status);
        Text(json, "error_code"u8, record.ErrorCode);
        json.WriteBoolean("stream"u8, record.Stream);
        Text(json, "finish_reason"u8, record.FinishReason);
        json.WriteNumber("prompt_tokens"u8, record.PromptTokens);
        json.WriteNumber("completion_tokens"u8, record.CompletionTokens);
        json.WriteNumber("total_tokens"u8, record.TotalTokens);
        json.WriteNumber("cached_tokens"u8, record.CachedTokens);
        json.WriteNumber("reasoning_tokens"u8, record.ReasoningTokens);
        Number(json, "reserved_prompt_tokens"u8, record.ReservedPromptTokens);
        Number(json, "reserved_completion_tokens"u8, record.ReservedCompletionTokens);
        json.WriteNumber("gifted_tokens"u8, record.GiftedTokens);
        json.WriteNumber("billed_tokens"u8, record.BilledTokens);
        json.WriteNumber("images"u8, record.Images);
        json.WriteNumber("characters"u8, record.Characters);
        json.WriteNumber("seconds"u8, record.Seconds);
        json.WriteNumber("cost_nanos"u8, record.CostNanos);
        json.WriteString("cost_usd"u8, record.CostUsd);
        json.WriteBoolean("estimated"u8, record.Estimated);
        json.WriteNumber("latency_ms"u8, record.LatencyMs);
        Number(json, "ttft_ms"u8, record.TtftMs);
        Text(json, "app"u8, record.App);
        Text(json, "end_user"u8, record.EndUser);
        Text(json, "cache"u8, record.Cache);
        if (record.UpstreamRateLimit is { } headers)
        {
            json.WritePropertyName("upstream_rate_limit"u8);
            JsonSerializer.Serialize(json, headers, ActivityJson.Default.Headers);
        }

        Number(json, "context_length"u8, record.ContextLength);
        WriteAttempts(json, record.Attempts);
        WriteBooked(json, record.Booked);
        if (record.Reached is { } reached)
        {
            json.WritePropertyName("reached"u8);
            JsonSerializer.Serialize(json, reached, ActivityJson.Default.Reached);
        }

        Text(json, "trace"u8, record.Trace);
    }

    private static void WriteAttempts(Utf8JsonWriter json, IReadOnlyList<RouteAttempt>? attempts)
    {
        if (attempts is null)
        {
            return;
        }

        json.WriteStartArray("attempts"u8);
        foreach (var attempt in attempts)
        {
            json.WriteStartObject();
            json.WriteString("upstream"u8, attempt.Upstream);
            json.WriteString("model"u8, attempt.Model);
            Number(json, "status"u8, attempt.Status);
            json.WriteNumber("ms"u8, attempt.Ms);
            Text(json, "reason"u8, attempt.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBooked(Utf8JsonWriter json, IReadOnlyList<BookedAmount>? booked)
    {
        if (booked is null)
        {
            return;
        }

        json.WriteStartArray("booked"u8);
        foreach (var one in booked)
        {
            json.WriteStartObject();
            json.WriteString("limit"u8, one.Limit);
            json.WriteString("subject"u8, one.Subject);
            json.WriteString("window"u8, one.Window);
            json.WriteNumber("amount"u8, one.Amount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
