using System.Text.Json;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Bounds the size of a record: at most 36 KiB as JSON, so that a ledger row (64 KiB), a message (256 KiB) and a
/// hundred table rows in one transaction (4 MiB) hold it. What callers and upstreams wrote is cut; what names the
/// record must fit.
/// </summary>
public static class ActivityBounds
{
    /// <summary>The longest id of a record, in characters. The broker takes message ids up to this length.</summary>
    public const int Id = 128;

    public const int Org = 64;

    private const int Key = 64;
    private const int Tier = 16;
    private const int Name = 256;
    private const int Slug = 512;
    private const int Word = 64;
    private const int Headers = 16;
    private const int HeaderValue = 128;

    /// <summary>The most attempts at upstreams that a record lists.</summary>
    public const int Attempts = 8;

    /// <summary>The most limits for which a record lists what the request took; no plan has so many.</summary>
    private const int Booked = 16;

    /// <summary>The most thresholds that a record lists as reached: three of each limit that binds a request.</summary>
    private const int Reached = 24;

    /// <summary>The longest list of booked amounts, in bytes as JSON without the names of its members.</summary>
    private const int BookedBytes = 2048;

    /// <summary>
    /// Cuts a record's free text to size. It is the record itself where all of it fits, as it nearly always does.
    /// </summary>
    public static ActivityRecord Apply(ActivityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Fits(record) ? record : Cut(record);
    }

    private static bool Fits(ActivityRecord record) =>
        record.Key.Length <= Key
        && record.Endpoint.Length <= Word
        && record.Slug.Length <= Slug
        && Fits(record.Variant, Word)
        && Fits(record.CallerRequestId, Id)
        && Fits(record.Plan, Name)
        && Fits(record.Upstream, Name)
        && Fits(record.UpstreamRequestId, Name)
        && Fits(record.UpstreamModel, Name)
        && Fits(record.ErrorCode, Word)
        && Fits(record.FinishReason, Word)
        && Fits(record.App, Name)
        && Fits(record.EndUser, Word)
        && Fits(record.Cache, Word)
        && Fits(record.Trace, Word)
        && record.UpstreamRateLimit is null or { Count: 0 }
        && (record.Booked is null || Whole(record.Booked) is not null)
        && record.Reached is null or { Count: <= Reached }
        && Fits(record.Attempts);

    private static bool Fits(string? text, int length) => text is null || text.Length <= length;

    private static bool Fits(IReadOnlyList<RouteAttempt>? attempts)
    {
        for (var index = 0; index < attempts?.Count; index++)
        {
            var attempt = attempts[index];
            var fits = attempt.Upstream.Length <= Word && attempt.Model.Length <= Name && Fits(attempt.Reason, Word);
            if (index >= Attempts || !fits)
            {
                return false;
            }
        }

        return true;
    }

    private static ActivityRecord Cut(ActivityRecord record) =>
        record with
        {
            Key = Cut(record.Key, Key),
            Endpoint = Cut(record.Endpoint, Word),
            Slug = Cut(record.Slug, Slug),
            Variant = CutOrNull(record.Variant, Word),
            CallerRequestId = CutOrNull(record.CallerRequestId, Id),
            Plan = CutOrNull(record.Plan, Name),
            Upstream = CutOrNull(record.Upstream, Name),
            UpstreamRequestId = CutOrNull(record.UpstreamRequestId, Name),
            UpstreamModel = CutOrNull(record.UpstreamModel, Name),
            ErrorCode = CutOrNull(record.ErrorCode, Word),
            FinishReason = CutOrNull(record.FinishReason, Word),
            App = CutOrNull(record.App, Name),
            EndUser = CutOrNull(record.EndUser, Word),
            Cache = CutOrNull(record.Cache, Word),
            Trace = CutOrNull(record.Trace, Word),
            UpstreamRateLimit = record.UpstreamRateLimit is { } headers ? CutHeaders(headers) : null,
            Booked = Whole(record.Booked),
            Reached = record.Reached is { } reached ? [.. reached.Take(Reached)] : null,
            Attempts = record.Attempts is { } attempts ? [.. attempts.Take(Attempts).Select(Cut)] : null,
        };

    /// <summary>Says why no table could ever hold a record; null where one can.</summary>
    public static string? Fault(ActivityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Id.Length is 0 or > Id ? $"The record's id has {record.Id.Length} characters; it needs 1 to {Id}."
            : record.Org.Length is 0 or > Org ? $"The record's org has {record.Org.Length} characters; it needs 1 to {Org}."
            : record.Model.Length is 0 or > Name ? $"The record's model has {record.Model.Length} characters; it needs 1 to {Name}."
            : record.Tier.Length is 0 or > Tier ? $"The record's tier has {record.Tier.Length} characters; it needs 1 to {Tier}."
            : record.Time.Year < 2000 ? "The record's time is before the year 2000."
            : null;
    }

    /// <summary>All of it or none: a part would be wrong.</summary>
    private static IReadOnlyList<BookedAmount>? Whole(IReadOnlyList<BookedAmount>? booked) =>
        booked is { Count: <= Booked } && (IsShort(booked) || Bytes(booked) <= BookedBytes) ? booked : null;

    /// <summary>Tells whether a list fits however its characters are escaped: none takes more than six bytes.</summary>
    private static bool IsShort(IReadOnlyList<BookedAmount> booked)
    {
        var length = 0;
        foreach (var one in booked)
        {
            length += one.Limit.Length + one.Subject.Length + one.Window.Length;
        }

        return length * 6 <= BookedBytes;
    }

    private static int Bytes(IReadOnlyList<BookedAmount> booked) =>
        booked.Sum(one => Bytes(one.Limit) + Bytes(one.Subject) + Bytes(one.Window));

    private static int Bytes(string text) => JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length;

    private static RouteAttempt Cut(RouteAttempt attempt) =>
        attempt with { Upstream = Cut(attempt.Upstream, Word), Model = Cut(attempt.Model, Name), Reason = CutOrNull(attempt.Reason, Word) };

    private static Dictionary<string, string> CutHeaders(IReadOnlyDictionary<string, string> headers) =>
        headers.Where(header => header.Key.Length <= Word).Take(Headers).ToDictionary(header => header.Key, header => Cut(header.Value, HeaderValue));

    private static string? CutOrNull(string? text, int length) => text is null ? null : Cut(text, length);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
