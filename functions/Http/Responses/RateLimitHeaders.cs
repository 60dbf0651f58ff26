using System.Buffers;
using System.Globalization;
using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Responses;

/// <summary>
/// Writes what limits leave a caller, in the three forms that clients read: <c>X-RateLimit-*</c> of the tightest limit
/// (reset in epoch seconds), OpenAI's by unit, and the IETF draft's two lists of all request limits. The account is no
/// rate limit and stays out. Numbers are whole; broken ones (dollars, compute units) are rounded up, because clients
/// stop at 0, and 0 is to say that nothing is left.
/// </summary>
internal static class RateLimitHeaders
{
    /// <summary>The largest integer of a structured field.</summary>
    private const long Most = 999_999_999_999_999;

    /// <summary>The characters that stand for themselves in a structured field; most names have no others.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static void Write(IHeaderDictionary headers, IReadOnlyList<QuotaState> limits, DateTimeOffset now)
    {
        var lines = new List<RateLimitLine>(limits.Count);
        foreach (var state in limits)
        {
            if (!Account.Pays(state.Bound.Source))
            {
                lines.Add(RateLimitLine.Of(state));
            }
        }

        Write(headers, lines, now);
    }

    public static void Write(IHeaderDictionary headers, SpentLimit spent, DateTimeOffset now)
    {
        if (!Account.Pays(spent.Source))
        {
            Write(headers, [RateLimitLine.Of(spent)], now);
        }
    }

    private static void Write(IHeaderDictionary headers, List<RateLimitLine> lines, DateTimeOffset now)
    {
        // A request's own lease is given back when it ends: to show it here as "0 left" would stop callers who need
        // not stop. What is left for new end users is nothing to those who are known.
        var tightest = Tightest(lines, unit => unit is not (LimitUnit.ConcurrentRequests or LimitUnit.EndUserRows));
        if (tightest is not null)
        {
            headers["X-RateLimit-Limit"] = Whole(tightest.Limit);
            headers["X-RateLimit-Remaining"] = Whole(tightest.Remaining);
            if (tightest.ResetsAt is { } reset)
            {
                headers["X-RateLimit-Reset"] = Whole(reset.ToUnixTimeMilliseconds() / 1000m);
            }
        }

        WriteUnit(headers, UnitHeaders.Requests, Tightest(lines, unit => unit is LimitUnit.Requests), now);
        var tokens = Tightest(lines, unit => unit is LimitUnit.Tokens);
        WriteUnit(headers, UnitHeaders.Tokens, tokens ?? Tightest(lines, unit => unit is LimitUnit.InputTokens), now);
        var listed = lines.FindAll(line => line.Unit is LimitUnit.Requests or LimitUnit.ConcurrentRequests);
        listed.Sort(static (one, other) => other.Length.CompareTo(one.Length) is not 0 and var byLength
            ? byLength
            : string.CompareOrdinal(one.Name, other.Name));
        WriteLists(headers, listed, now);
    }

    /// <summary>The limit of these units with the smallest share left; of several the one that lasts longest.</summary>
    private static RateLimitLine? Tightest(List<RateLimitLine> lines, Func<LimitUnit, bool> counts)
    {
        RateLimitLine? tightest = null;
        foreach (var line in lines)
        {
            if (counts(line.Unit) && (tightest is null || IsTighter(line, tightest)))
            {
                tightest = line;
            }
        }

        return tightest;
    }

    private static bool IsTighter(RateLimitLine line, RateLimitLine than)
    {
        var byShare = line.Share.CompareTo(than.Share);
        var byLength = byShare is 0 ? than.Length.CompareTo(line.Length) : byShare;
        return (byLength is 0 ? string.CompareOrdinal(line.Name, than.Name) : byLength) < 0;
    }

    private static void WriteUnit(IHeaderDictionary headers, UnitHeaders names, RateLimitLine? line, DateTimeOffset now)
    {
        if (line is null)
        {
            return;
        }

        headers[names.Limit] = Whole(line.Limit);
        headers[names.Remaining] = Whole(line.Remaining);
        if (line.ResetsAt is { } reset)
        {
            headers[names.Reset] = GoDuration.Format(reset - now);
        }
    }

    private static void WriteLists(IHeaderDictionary headers, List<RateLimitLine> lines, DateTimeOffset now)
    {
        if (lines.Count is 0)
        {
            return;
        }

        headers["RateLimit-Policy"] = lines is [var only] ? Policy(only) : string.Join(", ", lines.Select(Policy));
        headers["RateLimit"] = lines is [var one] ? Left(one, now) : string.Join(", ", lines.Select(line => Left(line, now)));
    }

    private static string Policy(RateLimitLine line) =>
        $"{Text(line.Name)};q={Whole(line.Limit)}"
        + (line.Seconds is { } seconds ? $";w={Whole(seconds)}" : "")
        + (line.Unit is LimitUnit.ConcurrentRequests ? ";qu=\"concurrent-requests\"" : "");

    private static string Left(RateLimitLine line, DateTimeOffset now)
    {
        var left = $"{Text(line.Name)};r={Whole(line.Remaining)}";
        return line.ResetsAt is { } reset
            ? $"{left};t={Whole((decimal)Math.Max(0, (reset - now).TotalSeconds))}"
            : left;
    }

    private static string Whole(decimal number) =>
        ((long)Math.Min(Most, decimal.Ceiling(number))).ToString(CultureInfo.InvariantCulture);

    /// <summary>A string of a structured field: printable ASCII, quotes and backslashes escaped.</summary>
    private static string Text(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(Plain))
        {
            return $"\"{name}\"";
        }

        var text = new StringBuilder("\"", name.Length + 2);
        foreach (var letter in name)
        {
            text.Append(letter switch
            {
                '"' or '\\' => $"\\{letter}",
                >= ' ' and <= '~' => letter,
                _ => '_',
            });
        }

        return text.Append('"').ToString();
    }
}

/// <summary>The names of OpenAI's three headers for one unit.</summary>
internal sealed record UnitHeaders(string Limit, string Remaining, string Reset)
{
    public static readonly UnitHeaders Requests =
        new("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");

    public static readonly UnitHeaders Tokens =
        new("x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");
}

/// <summary>One limit as the rate-limit headers tell of it.</summary>
/// <param name="Limit">In the unit as callers see it: dollars, not nano-dollars.</param>
internal sealed record RateLimitLine(
    string Name, LimitUnit Unit, decimal Limit, decimal Remaining, LimitWindow Window, DateTimeOffset? ResetsAt)
{
    /// <summary>The share of the limit that is left, 0 to 1.</summary>
    public decimal Share => Limit > 0 ? Remaining / Limit : 0;

    /// <summary>The window's length; null where it has none or never ends.</summary>
    public long? Seconds => Window switch
    {
        LimitWindow.Minute => 60,
        LimitWindow.Hour => 3_600,
        LimitWindow.Day => 86_400,
        LimitWindow.Week => 7 * 86_400,
        LimitWindow.Month => (long)(ResetsAt!.Value - ResetsAt.Value.AddMonths(-1)).TotalSeconds,
        LimitWindow.Rolling30Days => 30 * 86_400,
        LimitWindow.Lifetime => null,
        LimitWindow.None => null,
    };

    /// <summary>
    /// Gets the window's length to sort by, in seconds: a lifetime is longest, a limit without a window shortest.
    /// </summary>
    public long Length => Seconds ?? (Window is LimitWindow.Lifetime ? long.MaxValue : 0);

    public static RateLimitLine Of(QuotaState state)
    {
        var limit = state.Bound.Limit;
        return new(
            state.Bound.Source, limit.Unit, limit.Unit.Shown(state.Amount), limit.Unit.Shown(state.Remaining),
            limit.Window, state.Window.ResetsAt);
    }

    public static RateLimitLine Of(SpentLimit spent) => new(
        spent.Source,
        WireNames.Of<LimitUnit>().Find(spent.Unit)!.Value,
        spent.Amount,
        Math.Max(0, spent.Amount - spent.Used),
        WireNames.Of<LimitWindow>().Find(spent.Window)!.Value,
        spent.ResetsAt);
}

/// <summary>Durations as OpenAI's rate-limit headers have them: <c>2m59.56s</c>, <c>12ms</c>, <c>6m0s</c>.</summary>
internal static class GoDuration
{
    public static string Format(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (long)time.TotalMilliseconds)}ms");
        }

        var hours = (long)time.TotalHours;
        var (minutes, seconds) = (time.Minutes, Seconds(time));
        return hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m{seconds}s")
            : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{seconds}s")
            : $"{seconds}s";
    }

    /// <summary>The seconds above whole minutes, with up to three decimals and no zero behind them.</summary>
    private static string Seconds(TimeSpan time)
    {
        var whole = time.Seconds.ToString(CultureInfo.InvariantCulture);
        return time.Milliseconds is 0
            ? whole
            : string.Create(CultureInfo.InvariantCulture, $"{whole}.{time.Milliseconds:000}").TrimEnd('0');
    }
}
