using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Decides where a request may be sent: which routes of its model can serve it now, and in which order.
/// </summary>
public sealed class RouteSelector(RouteEvaluator evaluator, Random random, TimeProvider clock)
{
    /// <summary>
    /// Orders the routes of a quote's model, by what is known of them now. A route whose context is too short for the
    /// estimate is taken where no other is left and the prompt may fit all the same.
    /// </summary>
    /// <param name="estimate">What an attempt could use of its upstream.</param>
    public RoutePlan Plan(RequestContext request, Quote quote, Quantities estimate)
    {
        var (model, body, catalogue) = (quote.Model, request.Body, request.Catalogue);
        var plan = For(quote.Estimate.Input);
        var isTooLong = plan is { Routes: [] } && plan.Excluded.Any(route => route.Exclusion is RouteExclusion.Incapable);
        return isTooLong ? For(Estimator.LeastPrompt(body, model)) : plan;

        RoutePlan For(long prompt)
        {
            var context = prompt + (body.OutputCeiling ?? 1);
            var needs = new RouteRequirements(body.Surface, body.Tools, body.ImageInputs > 0, context);
            var routes = model.Routes.Select(route =>
                evaluator.Evaluate(catalogue.UpstreamOf(route.Upstream), route, needs, model.ContextLength, estimate));
            return RouteOrder.Of([.. routes], body.Routes, Chance);
        }
    }

    /// <summary>Says why none of a plan's routes can be taken.</summary>
    /// <param name="earliest">The moment at which one may be tried again; null where waiting does not help.</param>
    public Refusal WhyNoRoute(RoutePlan plan, DateTimeOffset? earliest)
    {
        if (earliest is { } moment)
        {
            var (wait, least) = (moment - clock.GetUtcNow(), TimeSpan.FromSeconds(1));
            return Refuse.NoRoute(
                "their limits are spent, or they are being left alone after failures", wait > least ? wait : least);
        }

        return plan.Excluded.Any(excluded => excluded.Exclusion is RouteExclusion.Incapable)
            ? Refuse.InvalidField(
                "model", "None of the model's upstreams can do all that this request asks for. Choose another model.")
            : Refuse.NoRoute("none of the model's upstreams has its key configured", null);
    }

    /// <summary>Says why no upstream of a model can ever serve a request; null where one can.</summary>
    public static Refusal? WhyNone(RequestBody body, Model model)
    {
        var wanted = model.Routes.Where(route => body.Routes.Allows(route.Upstream)).ToList();
        if (wanted.Count is 0)
        {
            var upstreams = string.Join(", ", model.Routes.Select(route => route.Upstream).Distinct());
            return Refuse.InvalidField(
                "provider", $"'provider' leaves no upstream for '{model.Id}'. It can be had from: {upstreams}.");
        }

        if (body.Tools && !wanted.Exists(route => route.Tools))
        {
            return Refuse.InvalidField(
                "tools", $"'{model.Id}' cannot call tools here. Leave 'tools' out, or choose another model.");
        }

        return body.ImageInputs > 0 && !wanted.Exists(route => route.Vision)
            ? Refuse.InvalidField(
                body.Surface.Content.Name,
                $"'{model.Id}' does not look at images here. Send text alone, or choose another model.")
            : null;
    }

    /// <summary>
    /// Orders models so that least of their upstreams' free limits is wasted. Models without such limits keep their
    /// order, after the others.
    /// </summary>
    public IReadOnlyList<Model> LeastWasteFirst(CatalogueSnapshot catalogue, IEnumerable<Model> models)
    {
        return PoolOrder.Of([.. models], Left, clock.GetUtcNow());

        IReadOnlyList<QuotaLeaseStatus> Left(Model model)
        {
            var first = model.Routes.FirstOrDefault(route => catalogue.UpstreamOf(route.Upstream).Ready);
            return first is null ? [] : evaluator.StatusOf(catalogue.UpstreamOf(first.Upstream), first);
        }
    }

    private double Chance()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }
}
