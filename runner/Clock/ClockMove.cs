using System.Globalization;
using System.Text.Json;

namespace Freeway.Runner.Clock;

/// <summary>
/// Represents the moment that a request's body wants a clock moved to, or what is wrong with the body.
/// </summary>
/// <param name="Target">Null where the body says nothing that can be done.</param>
/// <param name="Error">What is wrong with it and what to send instead; null where nothing is.</param>
/// <param name="Param">The member that is wrong; null where it is none in particular.</param>
internal readonly record struct ClockMove(DateTimeOffset? Target, string? Error, string? Param)
{
    private const string Seconds = "advance_seconds";
    private const string To = "to";
    private const string HowTo = """Send {"advance_seconds": 60}, or {"to": "2026-04-01T00:00:00Z"}.""";

    private const string Earlier = "To begin earlier, start anew with --clock and that moment.";

    /// <summary>The clock stops at each midnight on the way, so one move takes a bounded number of them.</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(366);

    /// <summary>Reads <c>{"advance_seconds": …}</c> or <c>{"to": "…"}</c>.</summary>
    /// <param name="now">What the clock shows; it only goes forward.</param>
    public static ClockMove Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return root.ValueKind is JsonValueKind.Object && root.EnumerateObject().ToList() is [var only]
                ? Read(only, now)
                : Wrong($"The body says not how far, or says it twice. {HowTo}");
        }
        catch (JsonException)
        {
            return Wrong($"The body is no JSON. {HowTo}");
        }
    }

    private static ClockMove Read(JsonProperty member, DateTimeOffset now) => member switch
    {
        { Name: Seconds, Value: { ValueKind: JsonValueKind.Number } seconds } => By(seconds, now),
        { Name: Seconds } => Wrong($"{Seconds} is a number of seconds. {HowTo}", Seconds),
        { Name: To, Value: { ValueKind: JsonValueKind.String } text }
            when ClockMoment.TryRead(text.GetString()!, out var moment) => Until(moment, now),
        { Name: To } => Wrong(
            $"{To} is a moment with its zone between {ClockMoment.Write(ClockMoment.First)} and "
            + $"{ClockMoment.Write(ClockMoment.Last)}. {HowTo}", To),
        _ => Wrong($"There is no member {member.Name}. {HowTo}"),
    };

    private static ClockMove By(JsonElement value, DateTimeOffset now)
    {
        // Less than a tick is no move, and what no decimal holds is too far.
        if (!value.TryGetDecimal(out var seconds) || seconds > (decimal)Farthest.TotalSeconds)
        {
            return TooFar(Seconds);
        }

        var ticks = seconds * TimeSpan.TicksPerSecond;
        return ticks < 1
            ? Wrong($"{Seconds} is more than 0: the clock only goes forward. {Earlier}", Seconds)
            : Checked(now + TimeSpan.FromTicks((long)ticks), Seconds);
    }

    private static ClockMove Until(DateTimeOffset moment, DateTimeOffset now)
    {
        if (moment <= now)
        {
            var shown = ClockMoment.Write(now);
            return Wrong($"The clock shows {shown} and only goes forward: {To} is a later moment. {Earlier}", To);
        }

        return moment - now > Farthest ? TooFar(To) : Checked(moment, To);
    }

    private static ClockMove Checked(DateTimeOffset target, string param) => target <= ClockMoment.Last
        ? new ClockMove(target, null, null)
        : Wrong($"The clock ends at {ClockMoment.Write(ClockMoment.Last)}.", param);

    private static ClockMove TooFar(string param) => Wrong(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{param} may go {Farthest.TotalDays} days ({Farthest.TotalSeconds} s) at once: go on in several moves."),
        param);

    private static ClockMove Wrong(string error, string? param = null) => new(null, error, param);
}
