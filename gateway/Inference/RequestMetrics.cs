using System.Diagnostics;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Inference;

/// <summary>What comes of requests.</summary>
public static class RequestMetrics
{
    /// <summary>The tier of a request from which nothing was taken.</summary>
    public const string NoTier = "none";

    private static readonly Counter<long> Requests =
        Meters.Freeway.CreateCounter<long>("freeway.requests", "{request}", "Inference requests that have ended, by tier, surface and outcome");

    private static readonly Histogram<double> Duration =
        Meters.Time("freeway.request.duration", "From a request's arrival to the end of its answer");

    private static readonly Histogram<double> FirstByte =
        Meters.Time("freeway.request.time_to_first_byte", "From a request's arrival to the first byte of its answer");

    private static readonly Counter<long> Tokens =
        Meters.Freeway.CreateCounter<long>("freeway.tokens", "{token}", "Tokens used, by tier and direction");

    private static readonly Counter<long> Refusals =
        Meters.Freeway.CreateCounter<long>("freeway.refusals", "{refusal}", "Refusals and errors told, of every endpoint, by code and kind of limit");

    /// <summary>A request was admitted, and is over.</summary>
    /// <param name="outcome">The record's error code; null where all went well.</param>
    public static void Served(string tier, string surface, string? outcome, long latencyMs, long? firstByteMs, long prompt, long completion)
    {
        var tags = new TagList { { "tier", tier }, { "surface", surface }, { "outcome", outcome ?? "ok" } };
        Requests.Add(1, tags);
        Duration.Record(latencyMs / 1000d, tags);
        if (firstByteMs is { } first)
        {
            FirstByte.Record(first / 1000d, new TagList { { "tier", tier }, { "surface", surface } });
        }

        Tokens.Add(prompt, new TagList { { "tier", tier }, { "direction", "input" } });
        Tokens.Add(completion, new TagList { { "tier", tier }, { "direction", "output" } });
        if (Activity.Current is { IsAllDataRequested: true } span)
        {
            span.SetTag("freeway.tier", tier);
            span.SetTag("freeway.outcome", outcome ?? "ok");
            span.SetTag("gen_ai.usage.input_tokens", prompt);
            span.SetTag("gen_ai.usage.output_tokens", completion);
        }
    }

    /// <summary>A request was refused before anything was taken for it, or was told what it was told before.</summary>
    public static void NotServed(string surface, string outcome) =>
        Requests.Add(1, new TagList { { "tier", NoTier }, { "surface", surface }, { "outcome", outcome } });

    /// <param name="unit">Of the limit behind it; null where there is none.</param>
    public static void Refused(string code, string? unit, string? window) =>
        Refusals.Add(1, new TagList { { "code", code }, { "limit.unit", unit ?? "none" }, { "limit.window", window ?? "none" } });
}
