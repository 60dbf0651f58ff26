using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Api;

/// <summary>
/// Counts the tokens of a message's prompt before it is sent, as a reservation would: by the local tokenizer and by
/// what the model's earlier prompts taught. The count is an estimate, and rather too high than too low.
/// </summary>
public sealed class TokenCountQueries(
    CurrentCatalogue current, TokenEstimator tokens, ITokenizer tokenizer, LedgerOptions options, TimeProvider clock)
{
    /// <param name="body">A request of the Messages API; it needs no <c>max_tokens</c>.</param>
    public async Task<Result<TokenCount>> CountAsync(
        Caller caller, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var snapshot = await current.TakeAsync(cancellation, new WaitBudget(options.ReserveDeadline, clock));
        if (!snapshot.Accepted(out var catalogue, out var refusal)
            || !JsonBody.Parse(body, Surface.Messages).Accepted(out var request, out refusal)
            || !ParseStage.SlugsOf(request).Accepted(out var slugs, out refusal)
            || !ModelOf(catalogue.Models, slugs[0], request.Surface).Accepted(out var model, out refusal))
        {
            return refusal;
        }

        var counted = request.CountPrompt(tokenizer) ?? 0;
        return new TokenCount(
            tokens.ByCount(caller.Org.Id, model, counted, request.ImageInputs, contextLength: long.MaxValue));
    }

    /// <summary>Finds the id that a model is learned about under; any free model is like none.</summary>
    private static Result<string> ModelOf(ModelCatalogue models, Slug slug, Surface surface)
    {
        if (ModelStage.IsAuto(slug))
        {
            return slug.ModelId;
        }

        if (!models.Find(slug).Accepted(out var model, out var refusal))
        {
            return refusal with { Param = "model" };
        }

        return model.IsFor(surface)
            ? model.Id
            : Refuse.WrongEndpoint(model.Id, surface.Path, model.Surfaces!.Select(other => other.Path));
    }
}

/// <summary>Is the number of tokens of a prompt, as the Messages API writes it.</summary>
public sealed record TokenCount(long InputTokens);
