using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.ActivityLog;

/// <summary>One line of the activity log. Never a prompt, a completion or a secret.</summary>
public sealed record ActivityRecord
{
    /// <summary>The request's id, the same as <c>x-freeway-request-id</c>; it makes the record unique.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Gets the id that the caller itself sent as <c>x-request-id</c>; not unique. Null where it sent none.
    /// </summary>
    public string? CallerRequestId { get; init; }

    /// <summary>Gets the time at which the request was admitted, to the millisecond.</summary>
    [JsonConverter(typeof(RecordTime))]
    public required DateTimeOffset Time { get; init; }

    public required string Org { get; init; }

    /// <summary>The key's id.</summary>
    public required string Key { get; init; }

    public required string Endpoint { get; init; }

    /// <summary>Gets the slug as the caller wrote it.</summary>
    public required string Slug { get; init; }

    public required string Model { get; init; }

    public string? Variant { get; init; }

    /// <summary><c>free</c>, <c>gift</c> or <c>paid</c>.</summary>
    public required string Tier { get; init; }

    public string? Plan { get; init; }

    public string? Upstream { get; init; }

    public string? UpstreamRequestId { get; init; }

    public string? UpstreamModel { get; init; }

    /// <summary>The HTTP status that the caller got; 499 where the caller had gone.</summary>
    public int Status { get; init; }

    public string? ErrorCode { get; init; }

    public bool Stream { get; init; }

    public string? FinishReason { get; init; }

    /// <summary>Input tokens, cached ones included.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Input and output tokens.</summary>
    public long TotalTokens { get; init; }

    /// <summary>
    /// Gets the number of input tokens that the upstream had in its cache; 0 where it did not say, and in older
    /// records.
    /// </summary>
    public long CachedTokens { get; init; }

    /// <summary>
    /// Gets the number of output tokens that the model thought with; 0 where the upstream did not say, and in older
    /// records.
    /// </summary>
    public long ReasoningTokens { get; init; }

    /// <summary>
    /// Gets the most tokens that the prompt was estimated to need when the request was admitted; null in older records.
    /// </summary>
    public long? ReservedPromptTokens { get; init; }

    /// <summary>
    /// Gets the most tokens that the answer was estimated to need when the request was admitted; null in older records.
    /// </summary>
    public long? ReservedCompletionTokens { get; init; }

    public long GiftedTokens { get; init; }

    public long BilledTokens { get; init; }

    public long Images { get; init; }

    public long Characters { get; init; }

    public long Seconds { get; init; }

    /// <summary>Gets what the caller pays for the request, in nano-dollars.</summary>
    public long CostNanos { get; init; }

    /// <summary>Gets what the caller pays for the request, in USD as a decimal; "0.00" when free.</summary>
    public string CostUsd => Money.Format(CostNanos);

    /// <summary>Gets whether Freeway counted the tokens itself because the upstream did not say.</summary>
    public bool Estimated { get; init; }

    public long LatencyMs { get; init; }

    /// <summary>Time to the first byte of the answer; null where none came.</summary>
    public long? TtftMs { get; init; }

    /// <summary>The calling app, from <c>HTTP-Referer</c> or <c>X-Title</c>.</summary>
    public string? App { get; init; }

    /// <summary>
    /// The end user whom the request named, as a hash; the id itself is not kept. Null where it named none, and in
    /// older records.
    /// </summary>
    public string? EndUser { get; init; }

    /// <summary>
    /// Gets what the response cache did: <c>hit</c>, <c>miss</c>, <c>too_large</c>, <c>bypass</c> or <c>off</c>. Null
    /// where the caller did not ask for it, and in older records.
    /// </summary>
    public string? Cache { get; init; }

    /// <summary>The upstream's rate-limit headers as sent.</summary>
    public IReadOnlyDictionary<string, string>? UpstreamRateLimit { get; init; }

    public int? ContextLength { get; init; }

    /// <summary>
    /// The upstreams that were tried for it, in order, and those that were passed over; null where it was not routed.
    /// </summary>
    public IReadOnlyList<RouteAttempt>? Attempts { get; init; }

    /// <summary>
    /// Gets the amounts that the request took of limits in the end; empty where it took nothing, null where nobody can
    /// say.
    /// </summary>
    public IReadOnlyList<BookedAmount>? Booked { get; init; }

    /// <summary>The limits that it brought to a threshold, and the account if little is left; null for none.</summary>
    public IReadOnlyList<ReachedLimit>? Reached { get; init; }

    /// <summary>The trace of the request, as W3C <c>traceparent</c>; null where none was recorded.</summary>
    public string? Trace { get; init; }
}

/// <summary>
/// A record's time in UTC at full width, so that times sort as text: milliseconds, or all there is of a time that is
/// finer.
/// </summary>
public sealed class RecordTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        writer.WriteStringValue(text[..Format(value, text)]);
    }

    /// <summary>Writes a time as UTF-8.</summary>
    /// <param name="to">At least 28 bytes.</param>
    /// <returns>How many bytes it takes.</returns>
    internal static int Format(DateTimeOffset value, Span<byte> to)
    {
        value.UtcDateTime.TryFormat(to, out var length, "O", CultureInfo.InvariantCulture);
        if (value.Ticks % TimeSpan.TicksPerMillisecond is not 0)
        {
            return length;
        }

        // Only zeros follow the milliseconds.
        to[length - 5] = (byte)'Z';
        return length - 4;
    }
}

/// <summary>One upstream that was tried for a request, or passed over.</summary>
/// <param name="Upstream">Its name in the catalogue.</param>
/// <param name="Model">As the upstream names it.</param>
/// <param name="Status">What it answered; null where it did not.</param>
/// <param name="Ms">How long it took to answer, or not to.</param>
/// <param name="Reason">Why the next one was tried; null for the one whose answer was passed on.</param>
public sealed record RouteAttempt(string Upstream, string Model, int? Status, long Ms, string? Reason);

/// <summary>
/// Represents the amount that a request took of one limit in the end; from these the ledger's counters can be counted
/// again.
/// </summary>
/// <param name="Limit">Plan and limit, e.g. <c>fastrouter-free.daily</c>; <c>account</c> for what was charged.</param>
/// <param name="Subject">Who shares it: <c>*</c> for the org, else a model id, a key id, an end user's hash, or
///     one of these and a model.</param>
/// <param name="Window">In which it was admitted, e.g. <c>2026-11-21</c>.</param>
/// <param name="Amount">Above 0, in the limit's own unit; money in nano-dollars.</param>
public sealed record BookedAmount(string Limit, string Subject, string Window, long Amount)
{
    /// <summary>
    /// Lists what was booked for some holds, without zeros. Leases of requests at once leave nothing behind.
    /// </summary>
    /// <param name="amounts">In the order of the holds.</param>
    public static IReadOnlyList<BookedAmount> Of(IReadOnlyList<Ledger.Hold> holds, IReadOnlyList<long> amounts)
    {
        var booked = new List<BookedAmount>(holds.Count);
        for (var index = 0; index < Math.Min(holds.Count, amounts.Count); index++)
        {
            var hold = holds[index];
            if (amounts[index] is not 0 && !Ledger.ConcurrencyLeases.IsName(hold.Window))
            {
                booked.Add(new BookedAmount(hold.Quota.Source, hold.Quota.Subject, hold.Window, amounts[index]));
            }
        }

        return booked;
    }
}

/// <summary>A limit that a request brought to a threshold, for the first time in its window.</summary>
/// <param name="Limit">Plan and limit, e.g. <c>fastrouter-free.daily</c>; <c>account</c> where little credit is
///     left.</param>
/// <param name="Subject">Who shares it: <c>*</c> for the org, else a model id, a key id, an end user's hash, or
///     one of these and a model.</param>
/// <param name="Unit">E.g. <c>requests</c>, <c>tokens</c> or <c>usd</c>.</param>
/// <param name="Window">E.g. <c>2026-11-21</c>.</param>
/// <param name="ResetsAt">When the window ends; null where it does not.</param>
/// <param name="Amount">What the limit allows in the window, in its own unit; money in nano-dollars.</param>
/// <param name="Used">What was used of it then.</param>
/// <param name="Percent">50, 80 or 100.</param>
public sealed record ReachedLimit(
    string Limit, string Subject, string Unit, string Window, DateTimeOffset? ResetsAt, long Amount, long Used, int Percent)
{
    /// <summary>
    /// Writes down the thresholds that a settlement has reached as a record lists them; null for none.
    /// </summary>
    public static IReadOnlyList<ReachedLimit>? Of(IReadOnlyList<Ledger.ReachedThreshold> reached) => reached.Count is 0 ? null
        : [.. reached.Select(one => new ReachedLimit(
            one.Quota.Source, one.Quota.Subject, one.Unit.WireName(), one.Window.Id, one.Window.ResetsAt, one.Amount,
            one.Used, one.Percent))];
}
