using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Api;

/// <summary>A top-up as the operator asks for it: <c>{"org": "acme", "usd": "5.00"}</c>.</summary>
/// <param name="Id">The <c>Idempotency-Key</c>: however often it is sent, it is one top-up.</param>
public sealed partial record TopUpRequest(string Id, string Org, long Nanos)
{
    private const int LongestId = 200;
    private const int LongestOrg = 64;

    /// <param name="id">The header's value, or null.</param>
    public static Result<TopUpRequest> Read(string? id, ReadOnlyMemory<byte> json)
    {
        TopUpBody? body;
        try
        {
            body = JsonSerializer.Deserialize(json.Span, RequestJson.Default.TopUpBody);
        }
        catch (JsonException wrong)
        {
            return Refuse.InvalidJson(wrong.Message);
        }

        if (id is not { Length: >= 1 and <= LongestId })
        {
            return Refuse.InvalidField(
                "Idempotency-Key", $"The header 'Idempotency-Key' must be 1 to {LongestId} characters: it makes this top-up one, however often it is sent.");
        }

        if (body?.Org is not { ValueKind: JsonValueKind.String } named || named.GetString() is not { Length: >= 1 and <= LongestOrg } org)
        {
            return Refuse.InvalidField("org", "'org' must be the id of an organisation, a string.");
        }

        return Dollars(body.Usd) is { } nanos and > 0
            ? new TopUpRequest(id, org, nanos)
            : Refuse.InvalidField(
                "usd",
                "'usd' must be an amount above 0 with nine decimals at most, a number or a string, e.g. \"5.00\".");
    }

    /// <summary>
    /// In nano-dollars. The digits are read as they are written: money is never a floating-point number.
    /// </summary>
    private static long? Dollars(JsonElement? usd)
    {
        var text = usd switch
        {
            { ValueKind: JsonValueKind.String } written => written.GetString()!,
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => "",
        };
        return AmountPattern.IsMatch(text) ? (long)(decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Money.NanosPerDollar) : null;
    }

    [GeneratedRegex(@"\A[0-9]{1,9}(\.[0-9]{1,9})?\z")]
    private static partial Regex AmountPattern { get; }
}

/// <summary>Fields of any kind, to say which of them is wrong.</summary>
internal sealed record TopUpBody(JsonElement? Org, JsonElement? Usd);
