using System.Diagnostics;
using Freeway.Functions.Telemetry;
using Freeway.Gateway.Core;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Freeway.Functions.Tests.Telemetry;

/// <summary>Plays the worker, which has a span of its own around each invocation.</summary>
[Collection(nameof(Listening))]
public sealed class RequestSamplerTests : IDisposable
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string State = "vendor=something";

    private static readonly string[] Both = ["POST x", "function x"];

    private readonly ActivitySource _worker = new(Tracing.WorkerName);
    private readonly Exported _exported = new();

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    public void Invocation_ThatIsDrawn_IsExportedWithItsRequestAndWithoutTheCallersState(string flags)
    {
        using (Listen(0.1))
        {
            Invoke(flags);
        }

        _exported.Spans.Select(span => span.DisplayName).Order().ShouldBe(Both);
        _exported.Spans.ShouldAllBe(span => span.TraceId.ToHexString() == Trace);
        _exported.Spans.ShouldAllBe(span => string.IsNullOrEmpty(span.TraceStateString));
        _exported.Spans.Single(span => span.DisplayName is "POST x").ParentSpanId
            .ShouldBe(_exported.Spans.Single(span => span.DisplayName is "function x").SpanId);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    public void Invocation_ThatIsNotDrawn_HasNoSecondDrawForItsRequest(string flags)
    {
        using (Listen(0.9, 0.1))
        {
            Invoke(flags);
        }

        _exported.Spans.ShouldBeEmpty();
    }

    [Fact]
    public void Invocation_ThatFailed_IsNotExportedWithTheExceptionsMessage()
    {
        using (Listen(0.1, 0.1))
        {
            Invoke("01", span => span.SetStatus(ActivityStatusCode.Error, "a caller's text"));
            Invoke("01", span => span.AddException(new InvalidOperationException("a caller's text")));
        }

        var told = _exported.Spans.Single(span => span.DisplayName is "function x");
        told.Status.ShouldBe(ActivityStatusCode.Error);
        told.StatusDescription.ShouldBeNull();
        _exported.Spans.SelectMany(span => span.Events).ShouldBeEmpty();
    }

    public void Dispose() => _worker.Dispose();

    private TracerProvider Listen(params double[] draws) => Sdk.CreateTracerProviderBuilder()
        .AddSource(Tracing.WorkerName, Tracing.Name)
        .SetSampler(new RequestSampler(0.5, new Drawn(draws)))
        .AddProcessor(new InvocationSpans())
        .AddProcessor(new SimpleActivityExportProcessor(_exported))
        .Build();

    private void Invoke(string flags, Action<Activity>? end = null)
    {
        ActivityContext.TryParse($"00-{Trace}-00f067aa0ba902b7-{flags}", State, out var caller);
        using var invocation = _worker.StartActivity(
            "function x", ActivityKind.Internal, caller, [new("faas.invocation_id", "1")]);
        using (var request = Tracing.Enter("x", $"00-{Trace}-00f067aa0ba902b7-{flags}"))
        {
            request?.DisplayName = "POST x";
        }

        if (invocation is not null)
        {
            end?.Invoke(invocation);
        }
    }

    private sealed class Exported : BaseExporter<Activity>
    {
        public List<Activity> Spans { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                Spans.Add(span);
            }

            return ExportResult.Success;
        }
    }

    private sealed class Drawn(params double[] draws) : Random
    {
        private int _next;

        public override double NextDouble() => draws[_next++];
    }
}

/// <summary>
/// Tests that listen to spans, one after the other: what one of them records, the others would see as recorded.
/// </summary>
[CollectionDefinition(nameof(Listening))]
public sealed class Listening;
