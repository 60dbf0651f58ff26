using System.Diagnostics;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Telemetry;

/// <summary>What telemetry costs where nobody listens.</summary>
public sealed class CostTests
{
    private static readonly ActivityContext[] Theirs = [default];

    private static readonly ActivityRecord Record = new()
    {
        Id = "request",
        Time = default,
        Org = "acme",
        Key = "key",
        Endpoint = "chat/completions",
        Slug = "demo/echo:free",
        Model = "demo/echo",
        Tier = "free",
        LatencyMs = 120,
        TtftMs = 30,
        PromptTokens = 5,
        CompletionTokens = 5,
    };

    [Fact]
    public void Request_WithNobodyListening_AllocatesNothingForTelemetry()
    {
        Measure();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Measure();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    /// <summary>All that one request passes by.</summary>
    private static void Measure()
    {
        Tracing.IsOn.ShouldBeFalse();
        CacheMetrics.Looked("keys", hit: true);
        using var reserve = Tracing.Step("ledger reserve");
        using var upstream = UpstreamSpan.Start("chat/completions", "loopback", "echo");
        using var send = Tracing.Resume("activity send", ActivityKind.Producer, null);
        using var commit = Tracing.Shared("ledger commit", ActivityKind.Client, Theirs);
        _ = Tracing.Here;
        LedgerMetrics.Committed(3, DayOfWeek.Monday, TimeSpan.FromMilliseconds(5));
        UpstreamMetrics.Attempted("loopback", 200, null, TimeSpan.FromMilliseconds(5));
        QueueMetrics.Sent(1, accepted: true, TimeSpan.FromMilliseconds(5));
        QueueMetrics.Handled("written", 1);
        RequestMetrics.Served(Record);
        RequestMetrics.NotServed("chat/completions", "refused");
        RequestMetrics.Refused("free_quota_exceeded", "requests", "day");
    }
}
