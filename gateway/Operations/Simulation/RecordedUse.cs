using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>What a request held and used, told from its record.</summary>
internal static class RecordedUse
{
    private const int CallerGone = 499;

    /// <summary>
    /// What it could have used at most, as it was thought when it was admitted; an older record does not say, and then
    /// it is what was used.
    /// </summary>
    public static Quantities Estimate(ActivityRecord record, Slug slug, Model model, Terms terms)
    {
        var used = Tokens(record, model) with { Requests = 1 };
        return Estimator.Price(
            used with
            {
                Input = Math.Max(used.Input, record.ReservedPromptTokens ?? 0),
                Output = Math.Min(Math.Max(used.Output, record.ReservedCompletionTokens ?? 0), Cap(terms, used)),
            },
            slug, model, terms);
    }

    /// <summary>What is booked for it on these terms.</summary>
    public static Quantities Used(ActivityRecord record, Slug slug, Model model, Terms terms) =>
        Counts(record, terms.Plan.ChargeRejected) ? Estimator.Price(Tokens(record, model) with { Requests = 1 }, slug, model, terms) : new Quantities();

    /// <summary>True for one that recovery closed: what it had held is booked, and nobody pays.</summary>
    public static bool IsAborted(ActivityRecord record) => record is { Status: 500, ErrorCode: "aborted" };

    /// <summary>
    /// Where no upstream produced anything, nothing counts; what it refused counts unless the plan says otherwise.
    /// </summary>
    private static bool Counts(ActivityRecord record, bool chargesRejected) => record.Status switch
    {
        >= 500 => false,
        CallerGone or < 400 => true,
        _ => record.ErrorCode is "upstream_rejected" && chargesRejected,
    };

    /// <summary>Images are counted as the model counts them, everything else as it was reported.</summary>
    private static Quantities Tokens(ActivityRecord record, Model model) => Surface.At(record.Endpoint)?.Counts(Measures.Images) is true
        ? new Quantities { Images = record.Images, Output = record.Images * (model.ImageTokens ?? 0) }
        : new Quantities
        {
            Input = record.PromptTokens,
            Cached = record.CachedTokens,
            Output = record.CompletionTokens,
            Characters = record.Characters,
            Seconds = record.Seconds,
        };

    /// <summary>What the plan lets an answer have; never less than this one had.</summary>
    private static long Cap(Terms terms, Quantities used) => Math.Max(used.Output, terms.Caps.OutputTokens ?? long.MaxValue);
}
