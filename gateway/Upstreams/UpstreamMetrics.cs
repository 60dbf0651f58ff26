using System.Diagnostics;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Upstreams;

/// <summary>Measures upstreams, by their names in the catalogue.</summary>
public static class UpstreamMetrics
{
    private static readonly Counter<long> Attempts =
        Meters.Freeway.CreateCounter<long>(
            "freeway.upstream.attempts", "{attempt}", "Attempts at upstreams, those passed over included, by outcome");

    private static readonly Histogram<double> Duration =
        Meters.Time(
            "freeway.upstream.duration", "From an attempt's beginning to the upstream's headers, or to its failure");

    private static readonly Gauge<int> Breakers =
        Meters.Freeway.CreateGauge<int>("freeway.upstream.breaker", "{state}", "0 closed, 1 half open, 2 open");

    private static readonly Gauge<int> Parked =
        Meters.Freeway.CreateGauge<int>(
            "freeway.upstream.parked", "{model}", "Models that are left alone after a 429; the whole key counts as "
                + "one");

    /// <summary>Counts an attempt that has ended.</summary>
    /// <param name="status">The answer's status; null where there was none.</param>
    /// <param name="reason">Why another is tried or the request failed; null where the answer is passed on.</param>
    public static void Attempted(string upstream, int? status, string? reason, TimeSpan elapsed)
    {
        var tags = new TagList { { "upstream", upstream }, { "outcome", Outcome(status, reason) } };
        Attempts.Add(1, tags);
        if (elapsed > TimeSpan.Zero)
        {
            Duration.Record(elapsed.TotalSeconds, tags);
        }
    }

    /// <summary>Reports how an upstream is: its breaker's state and how many of its models are parked.</summary>
    public static void ReportStatus(string upstream, int breaker, int parked)
    {
        Breakers.Record(breaker, new KeyValuePair<string, object?>("upstream", upstream));
        Parked.Record(parked, new KeyValuePair<string, object?>("upstream", upstream));
    }

    internal static string Outcome(int? status, string? reason) => reason ?? (status >= 400 ? "rejected" : "ok");
}

/// <summary>Makes a span of an attempt at an upstream, by the semantic conventions for generative AI.</summary>
public static class UpstreamSpan
{
    /// <summary>Starts the span of an attempt; null where the request is not recorded.</summary>
    /// <param name="surface">The endpoint's path, e.g. <c>chat/completions</c>.</param>
    /// <param name="model">The model's name at the upstream.</param>
    public static Activity? Start(string surface, string upstream, string model)
    {
        if (Tracing.Step("upstream", ActivityKind.Client) is not { } span)
        {
            return null;
        }

        var operation = surface switch
        {
            "chat/completions" or "responses" => "chat",
            "completions" => "text_completion",
            _ => surface,
        };
        span.DisplayName = $"{operation} {model}";
        span.SetTag("gen_ai.operation.name", operation);
        span.SetTag("gen_ai.provider.name", upstream);
        span.SetTag("gen_ai.request.model", model);
        return span;
    }

    /// <summary>Ends the span of an attempt.</summary>
    /// <param name="reason">Why another is tried or the request failed; null where the answer was passed on.</param>
    public static void End(this Activity span, int? status, string? reason)
    {
        if (status is { } answered)
        {
            span.SetTag("http.response.status_code", answered);
        }

        if (UpstreamMetrics.Outcome(status, reason) is not "ok" and var outcome)
        {
            span.Fault(outcome);
        }
    }
}
