using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Metering;
using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Goes the way of a request as far as its reservation, and looks instead of taking.</summary>
public sealed class QuotaPreview(CatalogueSnapshot catalogue, RequestLedger ledger, TokenEstimator estimator) : IQuotaPreview
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Decision<QuotaCheck>> PreviewAsync(
        Caller caller, string endpoint, ReadOnlyMemory<byte> body, string? overflow, CancellationToken cancellation)
    {
        if (!SurfaceOf(endpoint).Accepted(out var surface, out var refusal)
            || !AskedFor(overflow).Accepted(out var asked, out refusal)
            || !RequestBody.Parse(body, surface).Accepted(out var request, out refusal)
            || !Slug.Parse(request.Model).Accepted(out var slug, out refusal)
            || !catalogue.Models.Find(slug).Accepted(out var model, out refusal))
        {
            return refusal;
        }

        var most = MostOf(request, slug, model);
        var check = new QuotaCheck(false, request.Model, model.Id, AdmittedRequest.TierOf(slug), [], EstimateCard.Of(most), null);
        if (!catalogue.Plans.Bind(caller, slug, model, asked.Overflow).Accepted(out var terms, out refusal))
        {
            return check with { Refusal = CheckRefusal.Of(refusal) };
        }

        Take[] takes = [.. terms.All.Select(Estimate.Take)];
        try
        {
            return (await ledger.CheckAsync(caller.Org.Id, takes, cancellation).ConfigureAwait(false)).Accepted(out var taking, out refusal)
                ? check with { Admitted = true, Reservation = Reservation(takes, index => taking.Amounts[index]) }
                : check with { Reservation = Reservation(takes, index => takes[index].Amount), Refusal = CheckRefusal.Of(refusal) };
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(RetryAfterOutage);
        }
    }

    private Quantities MostOf(RequestBody request, Slug slug, Model model)
    {
        var input = estimator.Prompt(model.Id, request.PromptBytes, request.ImageInputs, model.ContextLength);
        var output = request.Surface is Surface.ChatCompletions
            ? request.N * Math.Min(request.OutputCeiling ?? long.MaxValue, Math.Max(0, model.ContextLength - input))
            : request.Images * (model.ImageTokens ?? 0);
        return new Quantities
        {
            Requests = 1,
            Input = input,
            Output = output,
            Images = request.Images,
            CostNanos = model.Cost(slug.Variant, input, output, request.Images),
        };
    }

    private static IReadOnlyList<ReservedAmount> Reservation(Take[] takes, Func<int, long> amount) =>
        [.. takes.Select((take, index) => ReservedAmount.Of(take.Bound, amount(index)))];

    private static Decision<Surface> SurfaceOf(string endpoint) => endpoint.ToLowerInvariant() switch
    {
        "chat/completions" => Surface.ChatCompletions,
        "embeddings" => Surface.Embeddings,
        "images/generations" => Surface.ImageGenerations,
        _ => Refuse.InvalidField("x-freeway-endpoint", "'x-freeway-endpoint' must be chat/completions, embeddings or images/generations."),
    };

    private static Decision<(Overflow? Overflow, bool Given)> AskedFor(string? text) =>
        string.IsNullOrEmpty(text) ? (null, false)
        : Enum.GetValues<Overflow>().Cast<Overflow?>().FirstOrDefault(overflow => OverflowChoice.Word(overflow!.Value) == text) is { } known ? (known, true)
        : Refuse.InvalidField(OverflowChoice.Header, $"'{OverflowChoice.Header}' must be reject, bill or next-free.");
}
