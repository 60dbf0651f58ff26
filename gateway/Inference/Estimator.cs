using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Estimates what a request could use at most: the prompt by its tokens or its size, the output by the largest ceiling that the
/// request declares, else the plan's cap, else the context length, times the number of answers.
/// </summary>
public sealed class Estimator(TokenEstimator tokens, ITokenizer tokenizer, OutputOptions options)
{
    private const int SoundTokensPerSecond = 10;

    /// <summary>The longest token, on average over a text, in bytes: no text with longer ones is known.</summary>
    private const int LongestToken = 16;

    /// <summary>The share of a prompt's counted tokens that it has for every model that is known.</summary>
    private const double SurelyOfCounted = 0.5;

    /// <summary>Estimates all that limits may count, with what it comes to in compute units and in money.</summary>
    /// <param name="prompt">The prompt as <see cref="Prompt"/> estimates it.</param>
    /// <param name="ceiling">On the output of each answer, in tokens; null where none is set.</param>
    public static Quantities Estimate(
        RequestBody body, Slug slug, Model model, Terms terms, PromptEstimate prompt, long? ceiling)
    {
        var text = body.Surface.Counts(Measures.OutputTokens) ? Output(body, model, ceiling) : 0;
        var input = body.Surface.Counts(Measures.InputTokens) ? prompt.Most : 0;
        var heard = SoundTokens(body, model);
        var used = new Quantities
        {
            Requests = 1,
            Input = input + heard.Prompt,
            Output = text + (body.Images * (model.ImageTokens ?? 0)) + heard.Completion,
            Images = body.Images,
            Characters = body.Characters,
            Seconds = body.Seconds,
        };
        return Price(used, slug, model, terms);
    }

    /// <summary>
    /// Adds to quantities what they come to in compute units and in money, and which of the cached tokens the plan does
    /// not count.
    /// </summary>
    public static Quantities Price(Quantities used, Slug slug, Model model, Terms terms)
    {
        var uncounted = used.Cached * (100 - terms.Plan.CachedInputPercent) / 100;
        return used with
        {
            Uncounted = uncounted,
            MicroUnits = terms.Rate is { } rate ? Units(rate, used, uncounted) : 0,
            CostNanos = model.Cost(
                slug.Variant, used.Input, used.Output, used.Images, used.Characters, used.Seconds, used.Cached),
        };
    }

    /// <summary>
    /// Estimates the tokens that listening could take, where the model is priced by tokens: a model that is paid by the
    /// minute counts none. Ten a second go in; no more come out, as nobody speaks faster.
    /// </summary>
    public static MeteredUsage SoundTokens(RequestBody body, Model model)
    {
        var isFreeOfTokens = model.Price is { InputPerMillion: 0, OutputPerMillion: 0 };
        if (body.Seconds is 0 || model.Price.AudioMinute > 0 || isFreeOfTokens)
        {
            return MeteredUsage.None;
        }

        var heard = checked(body.Seconds * SoundTokensPerSecond);
        return new MeteredUsage(heard + body.PromptBytes, Math.Min(heard, model.ContextLength), Estimated: true);
    }

    /// <summary>
    /// Finds the ceiling that has to be sent upstream so that a cap of the plan is held; null where the caller set one
    /// that is obeyed, or none is needed.
    /// </summary>
    public long? Ceiling(RequestBody body, Model model, Terms terms, PromptEstimate prompt)
    {
        if (body.Surface.Ceiling is null || body.HasCeiling)
        {
            return null;
        }

        var left = LeftOfContextCap(model, terms, prompt);
        return terms.Caps.OutputTokens is { } cap ? Math.Min(cap, left ?? cap) : left;
    }

    /// <summary>
    /// Counts prompt and completion together at the least, where even that is more than the model's context; null where
    /// the request may fit. The prompt counts as if every token of it were a long one, so that nothing that fits is
    /// refused.
    /// </summary>
    public static long? CertainExcess(RequestBody body, Model model)
    {
        var least = FewestTokens(body) + Math.Max(1, body.OutputCeiling ?? 1);
        return body.Surface.Counts(Measures.InputTokens) && least > model.ContextLength ? least : null;
    }

    /// <summary>Tells whether prompt and completion together could need more than the model's context.</summary>
    public static bool MayExceed(RequestBody body, Model model)
    {
        var prompt = TokenEstimator.ByBytes(body.PromptBytes, body.ImageInputs, long.MaxValue);
        var most = prompt + Math.Max(1, body.OutputCeiling ?? 1);
        return body.Surface.Counts(Measures.InputTokens) && most > model.ContextLength;
    }

    /// <summary>
    /// Counts the tokens that the prompt has at the least. A prompt that the upstream adds earlier requests to is as
    /// long as the context: only the upstream knows better.
    /// </summary>
    public static long LeastPrompt(RequestBody body, Model model) =>
        body.ReachesBack ? model.ContextLength : Math.Min(FewestTokens(body), model.ContextLength);

    /// <summary>
    /// Estimates the prompt: by its tokens where a limit counts them, or where it is not clear from its size that a cap
    /// on the context holds it; else by its size, which costs nothing. A prompt that the upstream adds earlier requests
    /// to is as long as the context.
    /// </summary>
    /// <param name="isCounted">Whether an upstream's own limit counts tokens.</param>
    public PromptEstimate Prompt(Org org, RequestBody body, Model model, Terms terms, bool isCounted = false)
    {
        if (body.ReachesBack)
        {
            return new PromptEstimate(model.ContextLength, model.ContextLength);
        }

        var bySize = TokenEstimator.ByBytes(body.PromptBytes, body.ImageInputs, model.ContextLength);
        var isNearCap = terms.Caps.ContextTokens is { } cap && bySize + Math.Max(1, body.OutputCeiling ?? 1) > cap;
        var isNeeded = body.Surface.Counts(Measures.InputTokens) && (isCounted || isNearCap || CountsPrompt(terms));
        if (!isNeeded || body.CountPrompt(tokenizer) is not { } counted)
        {
            return new PromptEstimate(LeastPrompt(body, model), bySize);
        }

        var least = Math.Max(LeastPrompt(body, model), (long)(counted * SurelyOfCounted));
        var most = tokens.ByCount(org.Id, model.Id, counted, body.ImageInputs, model.ContextLength);
        return new PromptEstimate(Math.Min(least, model.ContextLength), most);
    }

    private static bool CountsPrompt(Terms terms) =>
        terms.Gifts.Count > 0 || terms.Hard.Any(bound => bound.Limit.Unit.CountsPrompt());

    private static long FewestTokens(RequestBody body) => body.PromptBytes / LongestToken;

    private static long Output(RequestBody body, Model model, long? ceiling) =>
        body.N * Math.Min(body.OutputCeiling ?? ceiling ?? model.LongestAnswer, model.LongestAnswer);

    /// <summary>Finds what a cap on the context leaves for the answer; null without such a cap.</summary>
    private long? LeftOfContextCap(Model model, Terms terms, PromptEstimate prompt) =>
        terms.Caps.ContextTokens is { } context && context < model.ContextLength
            ? Math.Min(context, Math.Max(options.LeastCeiling, context - prompt.Most))
            : null;

    private static long Units(ComputeRate rate, Quantities used, long uncounted)
    {
        var tokens = (rate.PerInputToken * (used.Input - uncounted)) + (rate.PerOutputToken * used.Output);
        return tokens + (rate.PerRequest * used.Requests);
    }
}

/// <summary>Says how long a prompt is thought to be, in tokens.</summary>
/// <param name="Least">Refusals go by this: it is surely no shorter.</param>
/// <param name="Most">Reservations go by this: it is rarely longer.</param>
public readonly record struct PromptEstimate(long Least, long Most);
