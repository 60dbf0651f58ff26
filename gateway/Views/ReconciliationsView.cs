using System.Globalization;
using System.Text.Json;
using Freeway.Gateway.Audit;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Reconciliation;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Compares the books for the operator, and sets them right where that is asked for.</summary>
public sealed class ReconciliationsView(Reconciler reconciler, IOrgStore orgs, Filing filing)
{
    private const string Subject = "reconciliation";

    /// <exception cref="IOException">The orgs are out of reach.</exception>
    public async Task<Decision<ReconciliationCard>> CompareAsync(ReconciliationOrder order, CancellationToken cancellation) =>
        await UnknownAsync(order, cancellation) is { } unknown ? unknown : await RunAsync(order with { Repair = false }, cancellation);

    /// <summary>
    /// The same, and a repair where the order says so: the audit notes it before anything is changed, and afterwards what was.
    /// A repeated command compares only.
    /// </summary>
    /// <exception cref="IOException">The orgs or the audit are out of reach.</exception>
    public async Task<Decision<Revised<ReconciliationCard>>> RunAsync(Command command, CancellationToken cancellation)
    {
        if (!ReconciliationOrder.Read(command.Body).Accepted(out var order, out var refusal))
        {
            return refusal;
        }

        if (await UnknownAsync(order, cancellation) is { } unknown)
        {
            return unknown;
        }

        if (!order.Repair)
        {
            return new Revised<ReconciliationCard>(await RunAsync(order, cancellation), null);
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

        return new Revised<ReconciliationCard>(card, null) { IsReplay = noted.IsReplay };
    }

    private async Task<ReconciliationCard> RunAsync(ReconciliationOrder order, CancellationToken cancellation) => ReconciliationCard.Of(order.Org is { } org
        ? await reconciler.RunAsync(org, order.Days, order.Repair, cancellation)
        : await reconciler.RunAsync(order.Days, order.Repair, cancellation));

    private async Task<Refusal?> UnknownAsync(ReconciliationOrder order, CancellationToken cancellation) =>
        order.Org is { } org && await orgs.FindAsync(org, cancellation) is null ? Refuse.NotFound("organisation of this id") with { Param = "org" } : null;

    private static string Told(IEnumerable<DifferenceCard> differences, Func<DifferenceCard, long> figure) => JsonSerializer.Serialize(
        differences.ToDictionary(one => $"{one.Org} {one.Book} {one.Subject} {one.Window} {one.Figure}", figure), ViewsJson.Default.DictionaryStringInt64);
}
