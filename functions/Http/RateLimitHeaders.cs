using System.Globalization;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http;

/// <summary>
/// Where a caller stands, in the three forms that clients read: <c>X-RateLimit-*</c> of the tightest limit (reset in epoch
/// seconds), OpenAI's by unit, and the IETF draft's two lists of all request limits.
/// </summary>
internal static class RateLimitHeaders
{
    public static void Write(IHeaderDictionary headers, IReadOnlyList<QuotaState> limits, DateTimeOffset now)
    {
        var requests = limits.Where(state => state.Bound.Limit.Unit is LimitUnit.Requests)
            .Select(state => new Line(
                state.Bound.Source, state.Amount, state.Remaining, state.Window.ResetsAt, Seconds(state.Bound.Limit.Window, state.Window.ResetsAt)))
            .ToList();
        Write(headers, requests, now);
    }

    public static void Write(IHeaderDictionary headers, SpentLimit spent, DateTimeOffset now)
    {
        if (spent.Unit == LimitUnit.Requests.Name())
        {
            var window = Enum.GetValues<LimitWindow>().First(candidate => QuotaRefusal.Name(candidate) == spent.Window);
            Write(headers, [new Line(spent.Source, (long)spent.Amount, 0, spent.ResetsAt, Seconds(window, spent.ResetsAt))], now);
        }
    }

    private static void Write(IHeaderDictionary headers, List<Line> lines, DateTimeOffset now)
    {
        if (lines.Count is 0)
        {
            return;
        }

        var tightest = lines.MinBy(line => line.Remaining)!;
        headers["X-RateLimit-Limit"] = Text(tightest.Limit);
        headers["X-RateLimit-Remaining"] = Text(tightest.Remaining);
        headers["x-ratelimit-limit-requests"] = Text(tightest.Limit);
        headers["x-ratelimit-remaining-requests"] = Text(tightest.Remaining);
        if (tightest.ResetsAt is { } resets)
        {
            headers["X-RateLimit-Reset"] = Text(resets.ToUnixTimeSeconds());
            headers["x-ratelimit-reset-requests"] = GoDuration.Format(resets - now);
        }

        headers["RateLimit-Policy"] = string.Join(", ", lines.Select(line =>
            $"\"{line.Name}\";q={Text(line.Limit)}" + (line.Seconds is { } seconds ? $";w={Text(seconds)}" : "")));
        headers["RateLimit"] = string.Join(", ", lines.Select(line =>
            $"\"{line.Name}\";r={Text(line.Remaining)}" + (line.ResetsAt is { } end ? $";t={Text(Math.Max(0, (long)Math.Ceiling((end - now).TotalSeconds)))}" : "")));
    }

    private static long? Seconds(LimitWindow window, DateTimeOffset? resetsAt) => window switch
    {
        LimitWindow.Minute => 60,
        LimitWindow.Hour => 3_600,
        LimitWindow.Day => 86_400,
        LimitWindow.Month => (long)(resetsAt!.Value - resetsAt.Value.AddMonths(-1)).TotalSeconds,
        LimitWindow.Rolling30Days => 30 * 86_400,
        LimitWindow.Lifetime => null,
        LimitWindow.None => null,
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Line(string Name, long Limit, long Remaining, DateTimeOffset? ResetsAt, long? Seconds);
}
