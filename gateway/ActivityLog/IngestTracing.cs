using System.Diagnostics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// One span for each record that is written, in the trace of its own request, though all are written together.
/// </summary>
internal sealed class IngestTracing : IDisposable
{
    private readonly List<(ActivityRecord Record, Activity Span)>? _spans;
    private readonly int _records;
    private int _refused = -1;

    public IngestTracing(IReadOnlyList<ActivityRecord> records)
    {
        _records = records.Count;
        if (!Tracing.IsOn)
        {
            return;
        }

        var around = Activity.Current;
        _spans = [];
        foreach (var record in records)
        {
            if (Tracing.Resume("activity process", ActivityKind.Consumer, record.Trace) is { } span)
            {
                span.SetTag("messaging.system", "servicebus");
                span.SetTag("messaging.operation.type", "process");
                span.SetTag("messaging.message.id", record.Id);
                span.SetTag(Tracing.RequestId, record.Id);
                _spans.Add((record, span));
                Activity.Current = around;
            }
        }
    }

    /// <summary>All are in the table but these.</summary>
    public void Written(IReadOnlyList<RefusedRecord> refusals)
    {
        _refused = refusals.Count;
        foreach (var (record, span) in _spans ?? [])
        {
            if (refusals.Any(refused => refused.Record.Id == record.Id))
            {
                span.Fault("put_aside");
            }
        }
    }

    /// <summary>
    /// Counts the records and ends their spans. Records of which nothing was said are counted as returned to the queue.
    /// </summary>
    public void Dispose()
    {
        QueueMetrics.Handled("written", _refused < 0 ? 0 : _records - _refused);
        QueueMetrics.Handled("put_aside", Math.Max(0, _refused));
        QueueMetrics.Handled("returned", _refused < 0 ? _records : 0);
        var around = Activity.Current;
        foreach (var (_, span) in _spans ?? [])
        {
            if (_refused < 0)
            {
                span.Fault("returned");
            }

            span.Dispose();
        }

        Activity.Current = around;
    }
}
