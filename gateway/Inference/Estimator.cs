using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// What a request could use at most: the prompt by its size, the output by the largest ceiling that the request
/// declares, else the plan's cap, else the context length, times the number of answers.
/// </summary>
public sealed class Estimator(TokenEstimator tokens)
{
    private const int SoundTokensPerSecond = 10;

    /// <summary>In bytes: text whose tokens are longer on average is not known.</summary>
    private const int LongestToken = 16;

    /// <param name="ceiling">
    /// On the output of each answer, in tokens, where it is lower than the plan's; null for the plan's.
    /// </param>
    public Quantities Estimate(RequestBody body, Slug slug, Model model, Terms terms, long? ceiling = null)
    {
        var most = ceiling ?? Ceiling(body, model, terms);
        var text = body.Surface.Counts(Measures.OutputTokens) ? Output(body, model, most) : 0;
        var heard = SoundTokens(body, model);
        var used = new Quantities
        {
            Requests = 1,
            Input = (body.Surface.Counts(Measures.InputTokens) ? Prompt(body, model) : 0) + heard.Prompt,
            Output = text + (body.Images * (model.ImageTokens ?? 0)) + heard.Completion,
            Images = body.Images,
            Characters = body.Characters,
            Seconds = body.Seconds,
        };
        return Price(used, slug, model, terms);
    }

    /// <summary>The same quantities with what they come to in compute units and in money.</summary>
    public static Quantities Price(Quantities used, Slug slug, Model model, Terms terms) => used with
    {
        MicroUnits = terms.Rate is { } rate
            ? (rate.PerInputToken * used.Input) + (rate.PerOutputToken * used.Output) + (rate.PerRequest * used.Requests)
            : 0,
        CostNanos = model.Cost(slug.Variant, used.Input, used.Output, used.Images, used.Characters, used.Seconds, used.Cached),
    };

    /// <summary>
    /// The tokens that listening could take, where the model is priced by tokens: who is paid by the minute counts
    /// none. Ten a second go in; no more come out, as nobody speaks faster.
    /// </summary>
    public static MeteredUsage SoundTokens(RequestBody body, Model model)
    {
        if (body.Seconds is 0 || model.Price.AudioMinute > 0 || model.Price is { InputPerMillion: 0, OutputPerMillion: 0 })
        {
            return MeteredUsage.None;
        }

        var heard = checked(body.Seconds * SoundTokensPerSecond);
        return new MeteredUsage(heard + body.PromptBytes, Math.Min(heard, model.ContextLength), Estimated: true);
    }

    /// <summary>
    /// The ceiling that has to be sent upstream so that a cap of the plan is held; null where the caller set one that
    /// is obeyed or none is needed.
    /// </summary>
    public long? Ceiling(RequestBody body, Model model, Terms terms) =>
        body.Surface.Ceiling is null || body.HasCeiling ? null
        : (terms.Caps.OutputTokens, Room(body, model, terms)) is ({ } cap, var room) ? Math.Min(cap, room ?? cap)
        : Room(body, model, terms);

    /// <summary>
    /// Prompt and completion together at the least, where even that is more than the model's context; null where the
    /// request may fit. The prompt counts as if every token of it were a long one, so that nothing that fits is
    /// refused.
    /// </summary>
    public static long? CertainExcess(RequestBody body, Model model)
    {
        var least = (body.PromptBytes / LongestToken) + Math.Max(1, body.OutputCeiling ?? 1);
        return body.Surface.Counts(Measures.InputTokens) && least > model.ContextLength ? least : null;
    }

    /// <summary>
    /// Prompt and completion together, where they could need more than the model's context; null where the request
    /// fits.
    /// </summary>
    public long? Excess(RequestBody body, Model model)
    {
        var most = tokens.Prompt(model.Id, body.PromptBytes, body.ImageInputs, long.MaxValue) + Math.Max(1, body.OutputCeiling ?? 1);
        return body.Surface.Counts(Measures.InputTokens) && most > model.ContextLength ? most : null;
    }

    /// <summary>
    /// The prompt by its size; as long as the context where the upstream adds to it what only the upstream knows.
    /// </summary>
    public long Prompt(RequestBody body, Model model) =>
        body.ReachesBack ? model.ContextLength : tokens.Prompt(model.Id, body.PromptBytes, body.ImageInputs, model.ContextLength);

    private static long Output(RequestBody body, Model model, long? ceiling) =>
        body.N * Math.Min(body.OutputCeiling ?? ceiling ?? model.ContextLength, model.ContextLength);

    /// <summary>What a cap on the context leaves for the answer; null without one.</summary>
    private long? Room(RequestBody body, Model model, Terms terms) =>
        terms.Caps.ContextTokens is { } context && context < model.ContextLength ? Math.Max(1, context - Prompt(body, model)) : null;
}
