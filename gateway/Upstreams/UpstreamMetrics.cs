using System.Diagnostics;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Upstreams;

/// <summary>How upstreams fare, by their names in the catalogue.</summary>
public static class UpstreamMetrics
{
    private static readonly Counter<long> Attempts =
        Meters.Freeway.CreateCounter<long>("freeway.upstream.attempts", "{attempt}", "Attempts at upstreams, those passed over included, by outcome");

    private static readonly Histogram<double> Duration =
        Meters.Time("freeway.upstream.duration", "From an attempt's beginning to the upstream's headers, or to its failure");

    private static readonly Gauge<int> Breakers =
        Meters.Freeway.CreateGauge<int>("freeway.upstream.breaker", "{state}", "0 closed, 1 half open, 2 open");

    private static readonly Gauge<int> Parked =
        Meters.Freeway.CreateGauge<int>("freeway.upstream.parked", "{model}", "Models that are left alone after a 429; the whole key counts as one");

    /// <param name="status">What it answered; null where it did not.</param>
    /// <param name="reason">Why another is tried or the request failed; null where its answer is passed on.</param>
    public static void Attempted(string upstream, int? status, string? reason, TimeSpan elapsed)
    {
        var tags = new TagList { { "upstream", upstream }, { "outcome", Outcome(status, reason) } };
        Attempts.Add(1, tags);
        if (elapsed > TimeSpan.Zero)
        {
            Duration.Record(elapsed.TotalSeconds, tags);
        }
    }

    public static void Stands(string upstream, int breaker, int parked)
    {
        Breakers.Record(breaker, new KeyValuePair<string, object?>("upstream", upstream));
        Parked.Record(parked, new KeyValuePair<string, object?>("upstream", upstream));
    }

    internal static string Outcome(int? status, string? reason) => reason ?? (status >= 400 ? "rejected" : "ok");
}

/// <summary>One attempt at an upstream as a span, in the words of the semantic conventions for generative AI.</summary>
public static class UpstreamSpan
{
    /// <param name="surface">E.g. <c>chat/completions</c>.</param>
    /// <param name="model">As the catalogue names it for this upstream.</param>
    /// <returns>Null where the request is not recorded.</returns>
    public static Activity? Start(string surface, string upstream, string model)
    {
        if (Tracing.Step("upstream", ActivityKind.Client) is not { } span)
        {
            return null;
        }

        var operation = surface switch { "chat/completions" or "responses" => "chat", "completions" => "text_completion", _ => surface };
        span.DisplayName = $"{operation} {model}";
        span.SetTag("gen_ai.operation.name", operation);
        span.SetTag("gen_ai.provider.name", upstream);
        span.SetTag("gen_ai.request.model", model);
        return span;
    }

    /// <param name="reason">Why another is tried or the request failed; null where its answer was passed on.</param>
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
