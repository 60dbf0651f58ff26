using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Operations.Reconciliation;

namespace Freeway.Gateway.Api;

/// <summary>
/// Compares the ledger and the usage sums with the activity records, for the operator. Nothing is changed.
/// </summary>
public sealed class ReconciliationQueries(Reconciler reconciler, IOrgStore orgs)
{
    /// <exception cref="IOException">The orgs are out of reach.</exception>
    public async Task<Result<ReconciliationResponse>> CompareAsync(
        ReconciliationRequest request, CancellationToken cancellation) =>
        await UnknownAsync(request, cancellation) is { } unknown
            ? unknown
            : await (request with { Repair = false }).RunAsync(reconciler, cancellation);

    internal async Task<Refusal?> UnknownAsync(ReconciliationRequest request, CancellationToken cancellation) =>
        request.Org is { } org && await orgs.FindAsync(org, cancellation) is null ? Refuse.NotFound("organisation of this id") with { Param = "org" } : null;
}

/// <summary>
/// Compares the ledger and the usage sums with the activity records, and writes what the records say.
/// </summary>
public sealed class ReconciliationCommands(
    Reconciler reconciler, ReconciliationQueries queries, DocumentWriter writer)
{
    private const string AuditSubject = "reconciliation";

    /// <summary>
    /// Compares as the query does, and repairs where the request says so: the audit notes the command before anything
    /// is changed, and afterwards what was changed. A repeated command only compares.
    /// </summary>
    /// <exception cref="IOException">The orgs or the audit are out of reach.</exception>
    public async Task<Result<DocumentResult<ReconciliationResponse>>> RepairAsync(
        AdminCommand command, CancellationToken cancellation)
    {
        if (!ReconciliationRequest.Read(command.Body).Accepted(out var request, out var refusal))
        {
            return refusal;
        }

        if (await queries.UnknownAsync(request, cancellation) is { } unknown)
        {
            return unknown;
        }

        if (!request.Repair)
        {
            return new DocumentResult<ReconciliationResponse>(await request.RunAsync(reconciler, cancellation), null);
        }

        var subject = new Subject(SubjectKind.Books, AuditSubject, request.Org);
        var asked = string.Create(CultureInfo.InvariantCulture, $$"""{"days":{{request.Days}}}""");
        if (!(await writer.NoteAsync(command, "books.repair", subject, null, asked, cancellation)).Accepted(
            out var noted, out refusal))
        {
            return refusal;
        }

        var response = await (request with { Repair = !noted.IsReplay }).RunAsync(reconciler, cancellation);
        foreach (var some in response.Differences.Where(one => one.Repaired).Chunk(100))
        {
            await writer.NoteAsync(
                command with { IdempotencyKey = null }, "books.repaired", subject, Told(some, one => one.Stored), Told(
                    some, one => one.Expected), cancellation);
        }

        return new DocumentResult<ReconciliationResponse>(response, null) { IsReplay = noted.IsReplay };
    }

    private static string Told(IEnumerable<DifferenceResponse> differences, Func<DifferenceResponse, long> figure) => JsonSerializer.Serialize(
        differences.ToDictionary(one => $"{one.Org} {one.Book} {one.Subject} {one.Window} {one.Figure}", figure), RequestJson.Default.DictionaryStringInt64);
}

/// <summary>Selects the organisations and the days whose figures are compared with the activity records.</summary>
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
        var request = new ReconciliationRequest(
            fields.Text("org"), fields.Number("days", 1, Reconciler.MostDays) ?? UsualDays, false);
        return fields.Refusal is { } refusal ? refusal : request;
    }

    /// <param name="json">E.g. <c>{"org": "acme", "days": 31, "repair": true}</c>; all of it may be left out.</param>
    public static Result<ReconciliationRequest> Read(ReadOnlyMemory<byte> json)
    {
        if (!FieldReader.Open(json).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var request = new ReconciliationRequest(
            fields.Text("org", LongestOrg), (int)(fields.Whole("days", 1, Reconciler.MostDays) ?? UsualDays),
            fields.Flag("repair") ?? false);
        fields.Close();
        return fields.Errors is { Count: > 0 } errors ? Refuse.InvalidFields(errors) : request;
    }

    internal async Task<ReconciliationResponse> RunAsync(Reconciler reconciler, CancellationToken cancellation)
    {
        var report = Org is { } org
            ? await reconciler.RunAsync(org, Days, Repair, cancellation)
            : await reconciler.RunAsync(Days, Repair, cancellation);
        return ReconciliationResponse.Of(report);
    }
}

/// <summary>Reports where the figures of the ledger and the usage differ from the activity records.</summary>
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
