using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>
/// The ways in which a request may be served, in the order in which they are tried: by the slugs that it names, of
/// which
/// <c>auto:free</c> stands for every free model that fits. Looking takes nothing.
/// </summary>
public sealed class CandidateStage(QuoteStage quotes, RouteStage routes, Estimator estimating)
{
    private const string Model = "model";
    private const string Models = "models";

    /// <summary>True for <c>auto:free</c>; no model of a catalogue is called so.</summary>
    public static bool IsAuto(Slug slug) => slug.Variant is Variant.Free && slug.ModelId.Equals(ModelCatalogue.Auto, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The slugs of a request in turn, each once; those of the list are told of by its name where they are wrong.
    /// </summary>
    public static Result<Slug[]> Slugs(RequestBody body)
    {
        var slugs = new List<Slug>();
        foreach (var (text, param) in Texts(body))
        {
            if (!Slug.Parse(text).Accepted(out var slug, out var refusal))
            {
                return refusal with { Param = param };
            }

            if (!slugs.Contains(slug))
            {
                slugs.Add(slug);
            }
        }

        return slugs.ToArray();
    }

    /// <summary>
    /// Under which model a refusal of a request is counted: the first that it names, where there is such a one.
    /// </summary>
    public static string CountedAs(CatalogueSnapshot catalogue, Slug asked) => IsAuto(asked) ? ModelCatalogue.Auto
        : catalogue.Models.Find(asked with { Variant = Variant.None }).Accepted(out var model, out _) ? model.Id
        : RefusalKey.UnknownModel;

    /// <summary>
    /// Why one of the slugs cannot be called at all: a list with a mistake in it is refused before anything is tried.
    /// </summary>
    public static Refusal? Check(CatalogueSnapshot catalogue, RequestBody body, IReadOnlyList<Slug> slugs)
    {
        foreach (var slug in slugs.Where(slug => !IsAuto(slug)))
        {
            if (!catalogue.Models.Find(slug).Accepted(out var model, out var refusal))
            {
                return refusal with { Param = slug == slugs[0] && !IsOfTheList(body) ? Model : Models };
            }

            if (RouteStage.Check(body, model) is { } unwanted)
            {
                return unwanted;
            }
        }

        return null;
    }

    /// <summary>Each way in turn, or why it is none. They are looked for as they are asked for.</summary>
    public IEnumerable<Result<Quote>> Of(
        CatalogueSnapshot catalogue, Caller caller, RequestBody body, IReadOnlyList<Slug> slugs, Overflow? overflow) =>
        slugs.SelectMany(slug => IsAuto(slug) ? Free(catalogue, caller, body) : [Named(catalogue, caller, body, slug, overflow)]);

    /// <summary>Whether the first slug is the list's.</summary>
    private static bool IsOfTheList(RequestBody body) => body.Models is [var first, ..] && first == body.Model;

    private static IEnumerable<(string Text, string Param)> Texts(RequestBody body) =>
        IsOfTheList(body)
            ? body.Models.Select(text => (text, Models))
            : body.Models.Select(text => (text, Models)).Prepend((body.Model, Model));

    /// <summary>
    /// Refuses what the model that was named cannot serve at all, before anything is looked up for it.
    /// </summary>
    private Result<Quote> Named(
        CatalogueSnapshot catalogue, Caller caller, RequestBody body, Slug slug, Overflow? overflow)
    {
        if (!catalogue.Models.Find(slug).Accepted(out var model, out var refusal))
        {
            return refusal;
        }

        if (!model.IsFor(body.Surface))
        {
            return Refuse.WrongEndpoint(model.Id, body.Surface.Path, model.Surfaces!.Select(surface => surface.Path));
        }

        return Estimator.CertainExcess(body, model) is { } tokens
            ? Refuse.ContextLengthExceeded(
                body.Surface.Content.Name, body.OutputCeilingName, tokens, model.ContextLength)
            : quotes.Quote(catalogue, caller, body, slug, overflow);
    }

    private IEnumerable<Result<Quote>> Free(CatalogueSnapshot catalogue, Caller caller, RequestBody body)
    {
        var any = false;
        foreach (var model in routes.Pool(catalogue, catalogue.Models.All.Where(model => model.FreeEnabled && model.IsFor(body.Surface))))
        {
            if (RouteStage.Check(body, model) is { } unwanted)
            {
                any = true;
                yield return unwanted;
                continue;
            }

            any = true;
            yield return estimating.Excess(body, model) is { } excess
                ? Refuse.ContextLengthExceeded(body.Surface.Content.Name, null, excess, model.ContextLength)
                : quotes.Quote(catalogue, caller, body, new Slug(model.Id, Variant.Free), null);
        }

        if (!any)
        {
            yield return Refuse.FreeSlugNotEnabled();
        }
    }
}

/// <summary>
/// Of the refusals of several ways, the one to tell: that which waiting ends soonest, else the first.
/// </summary>
internal sealed class SoonestRefusal
{
    private Refusal? _soonest;
    private Slug? _slug;
    private int _count;

    /// <summary>Null as long as nothing was refused.</summary>
    public Refusal? Refusal => _soonest is { RetryAfter: not null, Limit: not null } spent && _count > 1 && _slug is { } slug
        ? spent with { Message = $"None of the {_count} models can take this request now; '{slug}' is the first that can again. {spent.Message}" }
        : _soonest;

    /// <param name="slug">What was refused; null where it was not even a way.</param>
    public void Add(Refusal refusal, Slug? slug)
    {
        _count++;
        if (_soonest is null || (refusal.RetryAfter is { } wait && (_soonest.RetryAfter is not { } least || wait < least)))
        {
            (_soonest, _slug) = (refusal, slug);
        }
    }
}
