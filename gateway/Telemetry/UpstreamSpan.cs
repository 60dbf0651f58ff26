using System.Diagnostics;

namespace Freeway.Gateway.Telemetry;

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
