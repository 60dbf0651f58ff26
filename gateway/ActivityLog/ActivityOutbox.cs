using System.Collections.Concurrent;
using System.Diagnostics;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// The way from the ledger to the queue: a finished row may be written over or deleted once the broker has its record.
/// What the broker would not take stays in the ledger and is sent again, by this process while it lives and by recovery
/// afterwards.
/// </summary>
public sealed class ActivityOutbox(RequestLedger ledger, ILedgerStore store, IActivityQueue queue, ILogger<ActivityOutbox> logger)
{
    private readonly ConcurrentDictionary<(string Instance, string Org), bool> _behind = [];

    private readonly ConcurrentDictionary<RequestKey, bool> _withheld = [];

    /// <summary>Gets whether records wait for the broker.</summary>
    public bool IsBehind => !_behind.IsEmpty;

    /// <summary>The instances and orgs whose records may be waiting.</summary>
    public IReadOnlyCollection<(string Instance, string Org)> Behind =>
        [.. _behind.Keys.OrderBy(place => place.Instance, StringComparer.Ordinal).ThenBy(place => place.Org, StringComparer.Ordinal)];

    /// <summary>Notes that rows of this instance and org may be waiting.</summary>
    public void MarkBehind(string instance, string org) => _behind[(instance, org)] = true;

    /// <summary>Keeps a record back that may yet be replaced by another of the same request.</summary>
    public void Withhold(RequestKey row) => _withheld[row] = true;

    public bool IsWithheld(RequestKey row) => _withheld.ContainsKey(row) || ledger.OwnedRows.IsBeingReplaced(row);

    public void Release(RequestKey row) => _withheld.TryRemove(row, out _);

    /// <summary>Sends one record. A broker out of reach is no error here: the record waits.</summary>
    public async Task DeliverAsync(string org, RequestRow finished, CancellationToken cancellation)
    {
        if (IsWithheld(finished.Key))
        {
            // Another row may yet have taken its place: then that one's record is the request's.
            MarkBehind(finished.Key.Instance, org);
            return;
        }

        if (_behind.ContainsKey((finished.Key.Instance, org)))
        {
            // It goes with those that wait already. To find the broker out of reach again would hold up the caller's
            // next request, which on a kept connection comes after this.
            return;
        }

        try
        {
            await SendAsync(finished, cancellation);
            if (!ledger.TryReuse(org, finished))
            {
                await ledger.ForgetAsync(org, finished, cancellation);
            }
        }
        catch (Exception outage) when (outage is IOException or OperationCanceledException)
        {
            MarkBehind(finished.Key.Instance, org);
            ActivityLogMessages.RecordWaits(logger, finished.RequestId, outage.Message);
        }
    }

    /// <summary>Sends what waits in this process's rows.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        foreach (var (instance, org) in ledger.OwnedRows.TakeUnsent())
        {
            MarkBehind(instance, org);
        }

        foreach (var (instance, org) in Behind)
        {
            _behind.TryRemove((instance, org), out _);
            if (!await RelayAsync(instance, org, cancellation))
            {
                MarkBehind(instance, org);
            }
        }
    }

    /// <summary>Sends every finished row of one instance and org.</summary>
    /// <returns>False where the store or the broker is out of reach, or a row is there that another may yet take the
    ///     place of.</returns>
    public async Task<bool> RelayAsync(string instance, string org, CancellationToken cancellation)
    {
        try
        {
            var rows = await store.ReadRequestsAsync(org, instance, 0, long.MaxValue, cancellation);
            var waiting = rows.Where(row => !row.Open && !IsWithheld(row.Key) && !ledger.IsSpare(org, row.Key));
            await Task.WhenAll(waiting.Select(row => SendAndForgetAsync(org, row, cancellation)));
            return !rows.Any(row => ledger.OwnedRows.IsBeingReplaced(row.Key));
        }
        catch (Exception outage) when (outage is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SendAndForgetAsync(string org, RequestRow finished, CancellationToken cancellation)
    {
        await SendAsync(finished, cancellation);
        await ledger.ForgetAsync(org, finished, cancellation);
    }

    private async Task SendAsync(RequestRow finished, CancellationToken cancellation)
    {
        var trace = ActivityJson.TraceOf(finished.Record.Span);
        using (var span = Tracing.Resume("activity send", ActivityKind.Producer, trace))
        {
            span?.SetTag("messaging.system", "servicebus");
            span?.SetTag("messaging.operation.type", "send");
            span?.SetTag("messaging.message.id", finished.RequestId);
            await queue.SendAsync(finished.RequestId, finished.Record, trace, cancellation);
        }
    }
}

/// <summary>
/// The queue on the way to the activity table. Outage stance: a record that could not be sent stays in the ledger's
/// outbox.
/// </summary>
public interface IActivityQueue
{
    /// <summary>Answers once the broker has accepted the record; callers at the same time share batches.</summary>
    /// <param name="id">The request's id, which is the message's id: the broker drops a second one.</param>
    /// <param name="record">The record as <see cref="ActivityJson"/> writes it.</param>
    /// <param name="trace">The request's trace, as W3C <c>traceparent</c>: it goes with this message, whoever else
    ///     shares the batch. Null for none.</param>
    /// <param name="cancellation">Ends the wait; the record may be sent all the same.</param>
    /// <exception cref="IOException">The broker did not accept it, or not in time (10 s); send it again
    ///     later.</exception>
    Task SendAsync(string id, ReadOnlyMemory<byte> record, string? trace, CancellationToken cancellation);
}

/// <summary>Looks at the activity queue without taking anything from it. Outage stance: it throws.</summary>
public interface IActivityBacklog
{
    /// <summary>
    /// Tells whether no record is in the queue, nor is being written. What was put aside is not in it.
    /// </summary>
    /// <exception cref="IOException">The broker is out of reach.</exception>
    Task<bool> IsEmptyAsync(CancellationToken cancellation);
}
