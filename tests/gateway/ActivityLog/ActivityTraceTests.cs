using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class ActivityTraceTests
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public void Trace_OfARecord_IsReadFromItsBytes()
    {
        var record = ActivitySamples.Record(1, DateTimeOffset.UnixEpoch.AddYears(50), "demo") with { Trace = Trace };

        ActivityJson.TraceOf(ActivityJson.Write(record)).ShouldBe(Trace);
        ActivityJson.Read(ActivityJson.Write(record)).Trace.ShouldBe(Trace);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("\",\"trace\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("\"trace\":\"00-forged\"")]
    public void Trace_OfARecordWithout_IsNone_WhateverACallerWrote(string? app)
    {
        var record = ActivitySamples.Record(1, DateTimeOffset.UnixEpoch.AddYears(50), "demo") with { App = app };

        ActivityJson.TraceOf(ActivityJson.Write(record)).ShouldBeNull();
    }

    [Fact]
    public void Trace_OfBytesThatAreNoRecord_IsNone()
    {
        ActivityJson.TraceOf("\"trace\":\""u8).ShouldBeNull();
        ActivityJson.TraceOf(default).ShouldBeNull();
    }
}
