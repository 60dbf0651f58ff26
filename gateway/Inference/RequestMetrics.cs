using System.Diagnostics;
using System.Diagnostics.Metrics;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Inference;

/// <summary>Counts requests by what has become of them.</summary>
public static class RequestMetrics
{
    /// <summary>The tier of a request from which nothing was taken.</summary>
    public const string NoTier = "none";

    private static readonly Counter<long> Requests =
        Meters.Freeway.CreateCounter<long>(
            "freeway.requests", "{request}", "Inference requests that have ended, by tier, surface and outcome");

    private static readonly Histogram<double> Duration =
        Meters.Time("freeway.request.duration", "From a request's arrival to the end of its answer");

    private static readonly Histogram<double> FirstByte =
        Meters.Time("freeway.request.time_to_first_byte", "From a request's arrival to the first byte of its answer");

    private static readonly Counter<long> Tokens =
        Meters.Freeway.CreateCounter<long>("freeway.tokens", "{token}", "Tokens used, by tier and direction");

    private static readonly Counter<long> Refusals =
        Meters.Freeway.CreateCounter<long>(
            "freeway.refusals", "{refusal}", "Refusals and errors told, of every endpoint, by code and kind of limit");

    /// <summary>Counts a request that was admitted and is over.</summary>
    public static void Served(ActivityRecord record)
    {
        var outcome = record.ErrorCode ?? "ok";
        var tags = new TagList { { "tier", record.Tier }, { "surface", record.Endpoint }, { "outcome", outcome } };
        Requests.Add(1, tags);
        Duration.Record(record.LatencyMs / 1000d, tags);
        if (record.TtftMs is { } first)
        {
            FirstByte.Record(first / 1000d, new TagList { { "tier", record.Tier }, { "surface", record.Endpoint } });
        }

        Tokens.Add(record.PromptTokens, new TagList { { "tier", record.Tier }, { "direction", "input" } });
        Tokens.Add(record.CompletionTokens, new TagList { { "tier", record.Tier }, { "direction", "output" } });
        if (Activity.Current is { IsAllDataRequested: true } span)
        {
            span.SetTag("freeway.tier", record.Tier);
            span.SetTag("freeway.outcome", outcome);
            span.SetTag("gen_ai.usage.input_tokens", record.PromptTokens);
            span.SetTag("gen_ai.usage.output_tokens", record.CompletionTokens);
        }
    }

    /// <summary>Counts a request that was refused before anything was taken for it, or was replayed.</summary>
    public static void NotServed(string surface, string outcome)
    {
        if (Requests.Enabled)
        {
            Requests.Add(1, new TagList { { "tier", NoTier }, { "surface", surface }, { "outcome", outcome } });
        }
    }

    /// <summary>Counts a refusal or an error that any endpoint has answered with.</summary>
    /// <param name="unit">The unit of the limit behind it; null where there is none.</param>
    public static void Refused(string code, string? unit, string? window)
    {
        if (!Refusals.Enabled)
        {
            return;
        }

        var limit = (Unit: unit ?? "none", Window: window ?? "none");
        Refusals.Add(1, new TagList { { "code", code }, { "limit.unit", limit.Unit }, { "limit.window", limit.Window } });
    }
}
