using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Finds the models that a request names (step 4), and lists the candidates that may serve it in the order in which
/// they are tried. <c>auto:free</c> stands for every free model that fits. Looking takes nothing.
/// </summary>
public sealed class ModelStage(RouteSelector routes)
{
    /// <summary>Tells <c>auto:free</c>; no model of a catalogue has that id.</summary>
    public static bool IsAuto(Slug slug) =>
        slug.Variant is Variant.Free && slug.ModelId.Equals(ModelCatalogue.Auto, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Finds every model that the request names, so that a list with a mistake is refused before any is tried.
    /// </summary>
    /// <returns>Why one of them can never be called; null where all can.</returns>
    public static Refusal? Find(RequestContext request)
    {
        var models = new Model?[request.Slugs.Count];
        for (var index = 0; index < models.Length; index++)
        {
            var slug = request.Slugs[index];
            if (IsAuto(slug))
            {
                continue;
            }

            if (!request.Catalogue.Models.Find(slug).Accepted(out models[index], out var refusal))
            {
                return refusal with { Param = ParseStage.FieldOf(request, slug) };
            }

            if (RouteSelector.WhyNone(request.Body, models[index]!) is { } unfit)
            {
                return unfit;
            }
        }

        request.Models = models;
        return models is [null] && !FreeModels(request).Any() ? Refuse.FreeSlugNotEnabled() : null;
    }

    /// <summary>
    /// Names the model that a refusal of the request is counted under: the first one, where the catalogue has it.
    /// </summary>
    public static string CountedAs(RequestContext request)
    {
        if (request.Slugs is not [var first, ..])
        {
            return RefusalKey.UnknownModel;
        }

        if (IsAuto(first))
        {
            return ModelCatalogue.Auto;
        }

        var found = request.Catalogue.Models.Find(first with { Variant = Variant.None });
        return found.Accepted(out var model, out _) ? model.Id : RefusalKey.UnknownModel;
    }

    /// <summary>
    /// Lists what may serve the request. The list is made while it is read: whether the other free models follow a
    /// candidate depends on how the reader fared with it.
    /// </summary>
    public IEnumerable<Candidate> Candidates(RequestContext request)
    {
        for (var index = 0; index < request.Models.Count; index++)
        {
            foreach (var candidate in Named(request, index))
            {
                yield return candidate;

                // The reader has tried it by now.
                if (!candidate.OverflowsToNextFree)
                {
                    continue;
                }

                foreach (var next in NextFree(request, candidate.Model))
                {
                    yield return next;
                    if (next.Admitted is not null)
                    {
                        break;
                    }
                }
            }
        }
    }

    private IEnumerable<Candidate> Named(RequestContext request, int index)
    {
        if (request.Models[index] is { } model)
        {
            return
            [
                new Candidate(request.Slugs[index], model)
                {
                    Overflow = request.Options.Overflow,
                    Unfit = WhyNeverServed(request.Body, model),
                },
            ];
        }

        // What is sure to fit goes before what may fit.
        return routes.LeastWasteFirst(request.Catalogue, FreeModels(request))
            .OrderBy(free => Estimator.MayExceed(request.Body, free))
            .Select(free => Free(request, free));
    }

    /// <summary>Lists the other free models that the request fits, in the catalogue's order.</summary>
    private static IEnumerable<Candidate> NextFree(RequestContext request, Model spent) => FreeModels(request)
        .Where(model => model.Id != spent.Id)
        .Select(model => new Candidate(new Slug(model.Id, Variant.Free), model) { IsOverflow = true });

    /// <summary>Refuses what a model that was named cannot serve at all, before anything is looked up for it.</summary>
    private static Refusal? WhyNeverServed(RequestBody body, Model model)
    {
        if (!model.IsFor(body.Surface))
        {
            return Refuse.WrongEndpoint(model.Id, body.Surface.Path, model.Surfaces!.Select(surface => surface.Path));
        }

        return Estimator.CertainExcess(body, model) is { } tokens
            ? Refuse.ContextLengthExceeded(
                body.Surface.Content.Name, body.OutputCeilingName, tokens, model.ContextLength)
            : null;
    }

    private static Candidate Free(RequestContext request, Model model) => new(new Slug(model.Id, Variant.Free), model)
    {
        Unfit = RouteSelector.WhyNone(request.Body, model) ?? WhyNeverServed(request.Body, model),
    };

    private static IEnumerable<Model> FreeModels(RequestContext request) =>
        request.Catalogue.Models.All.Where(model => model.FreeEnabled && model.IsFor(request.Body.Surface));
}

/// <summary>Is one model by which a request may be served, and what has become of it so far.</summary>
public sealed class Candidate(Slug slug, Model model)
{
    /// <summary>Gets the slug by which the model is used.</summary>
    public Slug Slug => slug;

    public Model Model => model;

    /// <summary>Gets what the caller wants done once a limit is spent; null for the default.</summary>
    public Overflow? Overflow { get; init; }

    /// <summary>Gets whether the candidate only stands in for one whose limit is spent.</summary>
    public bool IsOverflow { get; init; }

    /// <summary>Gets why the model can never serve the request; null where it could.</summary>
    public Refusal? Unfit { get; init; }

    /// <summary>Gets the terms on which the model serves the request. Step 5 sets them.</summary>
    public Quote? Quote { get; set; }

    /// <summary>
    /// Gets the key under which the answer is stored; null where the response cache has no part in the request.
    /// </summary>
    public ResponseKey? CacheKey { get; set; }

    /// <summary>Gets the admission by this candidate. Step 6 sets it.</summary>
    public AdmittedRequest? Admitted { get; set; }

    /// <summary>
    /// Gets why the candidate was refused, or how it failed; null before it was tried and where it served.
    /// </summary>
    public Refusal? Refusal { get; set; }

    /// <summary>Gets whether a spent limit sends the request on to the next free model.</summary>
    public bool OverflowsToNextFree =>
        Refusal?.Limit is { } spent && Quote?.Terms.NextFree.Contains(spent.Source) is true;
}
