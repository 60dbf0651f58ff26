using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Metering;
using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Inference;

/// <summary>
/// What a request could use at most: the prompt by its size, the output by the largest ceiling that the request declares,
/// else the plan's cap, else the context length, times the number of answers.
/// </summary>
public sealed class Estimating(TokenEstimator tokens)
{
    public Quantities Estimate(RequestBody body, Slug slug, Model model, Terms terms)
    {
        var (input, output) = body.Surface switch
        {
            Surface.ImageGenerations => (0, body.Images * (model.ImageTokens ?? 0)),
            Surface.Embeddings => (Prompt(body, model), 0),
            Surface.ChatCompletions => (Prompt(body, model), Output(body, model, terms)),
        };
        return Price(new Quantities { Requests = 1, Input = input, Output = output, Images = body.Images }, slug, model, terms);
    }

    /// <summary>The same quantities with what they come to in compute units and in money.</summary>
    public static Quantities Price(Quantities used, Slug slug, Model model, Terms terms) => used with
    {
        MicroUnits = terms.Rate is { } rate
            ? (rate.PerInputToken * used.Input) + (rate.PerOutputToken * used.Output) + (rate.PerRequest * used.Requests)
            : 0,
        CostNanos = model.Cost(slug.Variant, used.Input, used.Output, used.Images, used.Characters, used.Seconds),
    };

    /// <summary>The ceiling that has to be sent upstream so that a cap of the plan is held; null where the caller declared one or none is needed.</summary>
    public long? Ceiling(RequestBody body, Model model, Terms terms) =>
        body.Surface is not Surface.ChatCompletions || body.OutputCeiling is not null ? null
        : (terms.Caps.OutputTokens, Room(body, model, terms)) is ({ } cap, var room) ? Math.Min(cap, room ?? cap)
        : Room(body, model, terms);

    public long Prompt(RequestBody body, Model model) => tokens.Prompt(model.Id, body.PromptBytes, body.ImageInputs, model.ContextLength);

    private long Output(RequestBody body, Model model, Terms terms) =>
        body.N * Math.Min(body.OutputCeiling ?? Ceiling(body, model, terms) ?? model.ContextLength, model.ContextLength);

    /// <summary>What a cap on the context leaves for the answer; null without one.</summary>
    private long? Room(RequestBody body, Model model, Terms terms) =>
        terms.Caps.ContextTokens is { } context && context < model.ContextLength ? Math.Max(1, context - Prompt(body, model)) : null;
}
