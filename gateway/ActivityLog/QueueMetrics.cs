using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.ActivityLog;

/// <summary>The way of activity records from the ledger through the queue into the table.</summary>
public static class QueueMetrics
{
    private static readonly Histogram<double> Sends =
        Meters.Time("freeway.queue.send.duration", "One send of a batch to the broker, by outcome");

    private static readonly Histogram<double> Batches =
        Meters.Size("freeway.queue.send.records", "{record}", "Records that share one send");

    private static readonly Counter<long> Written =
        Meters.Freeway.CreateCounter<long>("freeway.activity.records", "{record}", "Records off the queue, by what became of them");

    private static readonly Gauge<double> Age =
        Meters.Freeway.CreateGauge<double>("freeway.outbox.age", "s", "How long the oldest finished record has waited for the broker; 0 where none waits");

    private static readonly Gauge<long> Depth =
        Meters.Freeway.CreateGauge<long>("freeway.outbox.depth", "{record}", "Finished records that wait for the broker, as far as was counted");

    private static readonly Gauge<long> DeadLetters =
        Meters.Freeway.CreateGauge<long>("freeway.dead_letters", "{message}", "Messages that the broker has put aside, as far as was counted");

    public static void Sent(int records, bool accepted, TimeSpan elapsed)
    {
        Sends.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", accepted ? "accepted" : "failed"));
        Batches.Record(records);
    }

    /// <param name="outcome"><c>written</c>, <c>put_aside</c> or <c>returned</c>.</param>
    public static void Handled(string outcome, int records)
    {
        if (records > 0)
        {
            Written.Add(records, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public static void Waits(long records, TimeSpan age)
    {
        Depth.Record(records);
        Age.Record(age.TotalSeconds);
    }

    public static void PutAside(long messages) => DeadLetters.Record(messages);
}
