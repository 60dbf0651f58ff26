using System.Globalization;
using System.Text.Json;

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Reads what upstreams say of their models and of our key. All of them have OpenAI's list; what goes beyond it has
/// several names, and numbers are written as numbers or as text. What cannot be read is as if it were not said.
/// </summary>
public static class UpstreamListings
{
    private const int LongestId = 200;
    private const int NanoPlaces = 9;

    /// <exception cref="JsonException">It is no list of models.</exception>
    public static IReadOnlyList<ListedModel> ReadModels(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var list = document.RootElement.ValueKind is JsonValueKind.Array ? document.RootElement
            : Member(document.RootElement, "data") is { ValueKind: JsonValueKind.Array } data ? data
            : throw new JsonException("There is no list.");
        return [.. list.EnumerateArray().Select(Model).OfType<ListedModel>().DistinctBy(model => model.Id)];
    }

    /// <exception cref="JsonException">It is no report of a key.</exception>
    public static KeyReport ReadKey(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var key = Member(document.RootElement, "data") is { ValueKind: JsonValueKind.Object } data ? data : throw new JsonException("There is no report.");
        bool? free = Member(key, "is_free_tier") switch { { ValueKind: JsonValueKind.True } => true, { ValueKind: JsonValueKind.False } => false, _ => null };
        return new KeyReport(
            Number(key, "limit"), Number(key, "limit_remaining"), Number(key, "usage"), Number(key, "usage_daily"),
            Number(key, "usage_monthly"), free, FreeRequests(key));
    }

    private static FreeRequestReport? FreeRequests(JsonElement key) =>
        Member(key, "free_model_daily_requests") is { ValueKind: JsonValueKind.Object } requests
            ? new FreeRequestReport(Whole(requests, "limit"), Whole(requests, "used"), Whole(requests, "remaining"))
            : null;

    private static ListedModel? Model(JsonElement model)
    {
        if (Text(model, "id") is not { Length: > 0 and <= LongestId } id || id.Any(char.IsControl))
        {
            return null;
        }

        var context = Number(model, "context_length") ?? Number(model, "context_window") ?? Number(model, "max_model_len");
        var pricing = Member(model, "pricing");
        return new ListedModel(
            id, Text(model, "name"), context is >= 1 and <= int.MaxValue ? (int)context : null,
            PerMillion(pricing, "prompt") ?? PerMillion(pricing, "input"), PerMillion(pricing, "completion") ?? PerMillion(pricing, "output"));
    }

    /// <summary>From USD per token. A price below 0 stands for one that depends.</summary>
    private static decimal? PerMillion(JsonElement? pricing, string name) =>
        pricing is { } prices && Number(prices, name) is >= 0 and <= 1 and var price ? Normal(decimal.Round(price * 1_000_000, NanoPlaces, MidpointRounding.ToPositiveInfinity)) : null;

    /// <summary>Without zeros at the end.</summary>
    private static decimal Normal(decimal value) => value / 1.0000000000000000000000000000m;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Whole(JsonElement element, string name) =>
        Number(element, name) is { } value and > long.MinValue and < long.MaxValue ? (long)Math.Floor(value) : null;

    private static decimal? Number(JsonElement element, string name) => Member(element, name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var value) => value,
        { ValueKind: JsonValueKind.String } text when decimal.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };
}
