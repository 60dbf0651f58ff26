using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>Computes from a request's record what it held and what it used.</summary>
internal static class RecordedUse
{
    private const int CallerGone = 499;

    /// <summary>
    /// Computes the most that a request could have used, as estimated at its admission. For an older record, which has
    /// no estimate, it is what was used.
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

    /// <summary>Computes what is booked for a request on these terms.</summary>
    public static Quantities Used(ActivityRecord record, Slug slug, Model model, Terms terms) =>
        Counts(record, terms.Plan.ChargeRejected) ? Estimator.Price(Tokens(record, model) with { Requests = 1 }, slug, model, terms) : new Quantities();

    /// <summary>Tells whether recovery closed the request: what it had held is booked, and nobody pays.</summary>
    public static bool IsAborted(ActivityRecord record) => record is { Status: 500, ErrorCode: "aborted" };

    /// <summary>
    /// Tells whether a request counts. It does not where no upstream produced anything; where an upstream refused its
    /// content, the plan decides.
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

    /// <summary>
    /// Computes the most output tokens that the plan lets an answer have; never less than this answer had.
    /// </summary>
    private static long Cap(Terms terms, Quantities used) => Math.Max(used.Output, terms.Caps.OutputTokens ?? long.MaxValue);
}
