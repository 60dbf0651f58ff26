using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Operations.Reconciliation;

namespace Freeway.Gateway.Api;

/// <summary>Compares the books for the operator, and sets them right where that is asked for.</summary>
public sealed class ReconciliationsView(Reconciler reconciler, IOrgStore orgs, DocumentWriter filing)
{
    private const string Subject = "reconciliation";

    /// <exception cref="IOException">The orgs are out of reach.</exception>
    public async Task<Result<ReconciliationResponse>> CompareAsync(ReconciliationRequest order, CancellationToken cancellation) =>
        await UnknownAsync(order, cancellation) is { } unknown ? unknown : await RunAsync(order with { Repair = false }, cancellation);

    /// <summary>
    /// The same, and a repair where the order says so: the audit notes it before anything is changed, and afterwards what was.
    /// A repeated command compares only.
    /// </summary>
    /// <exception cref="IOException">The orgs or the audit are out of reach.</exception>
    public async Task<Result<DocumentResult<ReconciliationResponse>>> RunAsync(AdminCommand command, CancellationToken cancellation)
    {
        if (!ReconciliationRequest.Read(command.Body).Accepted(out var order, out var refusal))
        {
            return refusal;
        }

        if (await UnknownAsync(order, cancellation) is { } unknown)
        {
            return unknown;
        }

        if (!order.Repair)
        {
            return new DocumentResult<ReconciliationResponse>(await RunAsync(order, cancellation), null);
        }

        var subject = new Subject(SubjectKind.Books, Subject, order.Org);
        var asked = string.Create(CultureInfo.InvariantCulture, $$"""{"days":{{order.Days}}}""");
        if (!(await filing.NoteAsync(command, "books.repair", subject, null, asked, cancellation)).Accepted(out var noted, out refusal))
        {
            return refusal;
        }

        var card = await RunAsync(order with { Repair = !noted.IsReplay }, cancellation);
        foreach (var some in card.Differences.Where(one => one.Repaired).Chunk(100))
        {
            await filing.NoteAsync(
                command with { IdempotencyKey = null }, "books.repaired", subject, Told(some, one => one.Stored), Told(some, one => one.Expected), cancellation);
        }

        return new DocumentResult<ReconciliationResponse>(card, null) { IsReplay = noted.IsReplay };
    }

    private async Task<ReconciliationResponse> RunAsync(ReconciliationRequest order, CancellationToken cancellation) => ReconciliationResponse.Of(order.Org is { } org
        ? await reconciler.RunAsync(org, order.Days, order.Repair, cancellation)
        : await reconciler.RunAsync(order.Days, order.Repair, cancellation));

    private async Task<Refusal?> UnknownAsync(ReconciliationRequest order, CancellationToken cancellation) =>
        order.Org is { } org && await orgs.FindAsync(org, cancellation) is null ? Refuse.NotFound("organisation of this id") with { Param = "org" } : null;

    private static string Told(IEnumerable<DifferenceResponse> differences, Func<DifferenceResponse, long> figure) => JsonSerializer.Serialize(
        differences.ToDictionary(one => $"{one.Org} {one.Book} {one.Subject} {one.Window} {one.Figure}", figure), ViewsJson.Default.DictionaryStringInt64);
}

/// <summary>Which books to compare.</summary>
/// <param name="Org">Null for all.</param>
/// <param name="Days">How many days' records are looked through, today included.</param>
public sealed record ReconciliationRequest(string? Org, int Days, bool Repair)
{
    private const int UsualDays = 2;
    private const int LongestOrg = 64;

    /// <param name="field">The value of <c>org</c> or <c>days</c>; null or empty where it is not given.</param>
    public static Result<ReconciliationRequest> Read(Func<string, string?> field)
    {
        var fields = new QueryFields(field);
        var order = new ReconciliationRequest(fields.Text("org"), fields.Number("days", 1, Reconciler.MostDays) ?? UsualDays, false);
        return fields.Refusal is { } refusal ? refusal : order;
    }

    /// <param name="json">E.g. <c>{"org": "acme", "days": 31, "repair": true}</c>; all of it may be left out.</param>
    public static Result<ReconciliationRequest> Read(ReadOnlyMemory<byte> json)
    {
        if (!FieldReader.Open(json).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var order = new ReconciliationRequest(fields.Text("org", LongestOrg), (int)(fields.Whole("days", 1, Reconciler.MostDays) ?? UsualDays), fields.Flag("repair") ?? false);
        fields.Close();
        return fields.Errors is { Count: > 0 } errors ? Refuse.InvalidFields(errors) : order;
    }
}

/// <summary>How the books compare with the records.</summary>
/// <param name="From">The first day whose records were looked through; the last is today.</param>
/// <param name="OrgsFailed">Those that could not be looked at.</param>
/// <param name="Drift">How many figures differ and nothing under way explains it; 0 in books that are right.</param>
/// <param name="Repaired">How many of these are right now.</param>
/// <param name="InFlight">How many differ by what is under way.</param>
/// <param name="Checked">How many rows were compared.</param>
/// <param name="Busy">How many were not, because they moved meanwhile.</param>
/// <param name="Unchecked">How many were not, because their records were not looked through, or are gone.</param>
/// <param name="Differences">A thousand at most, drift first.</param>
public sealed record ReconciliationResponse(
    DateTimeOffset At, DateOnly From, DateOnly To, int Orgs, int OrgsFailed, int Drift, int Repaired, int InFlight, int Checked, int Busy, int Unchecked,
    IReadOnlyList<DifferenceResponse> Differences)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "reconciliation";

    public static ReconciliationResponse Of(ReconciliationReport report) => new(
        report.At, report.From, report.To, report.Orgs, report.Failed, report.Drift, report.Repaired, report.InFlight, report.Checked, report.Busy, report.Unchecked,
        [.. report.Differences.Select(one => new DifferenceResponse(
            one.Book.WireName(), one.Org, one.Subject, one.Window, one.Figure, one.Stored, one.Expected, one.Certainty is Certainty.InFlight, one.Repaired))]);
}

/// <summary>One figure that is not what the records say.</summary>
/// <param name="Book"><c>sums</c>, <c>closed_day</c>, <c>counter</c> or <c>account</c>.</param>
/// <param name="Subject">Limit and subject, or tier, model and key, with <c>|</c> between.</param>
/// <param name="Window">The limit's window, or the day.</param>
/// <param name="Stored">As the book has it; money in nano-dollars.</param>
/// <param name="Expected">As the records have it.</param>
/// <param name="InFlight">Whether what is under way may make it good.</param>
public sealed record DifferenceResponse(
    string Book, string Org, string Subject, string Window, string Figure, long Stored, long Expected, bool InFlight, bool Repaired);
