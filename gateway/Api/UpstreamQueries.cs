using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Api;

/// <summary>Lists the upstreams, what their keys have left and whether they are called, for the operator.</summary>
public sealed class UpstreamQueries(
    CurrentCatalogue current, RequestLedger ledger, IUpstreamBreakers breakers, Parking parking)
{
    public async Task<Result<Page<UpstreamResponse>>> ListAsync(CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal))
        {
            return refusal;
        }

        try
        {
            return new Page<UpstreamResponse>(
                [.. await Task.WhenAll(catalogue.Upstreams.Select(upstream => StateOfAsync(upstream, cancellation)))]);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    private async Task<UpstreamResponse> StateOfAsync(Upstream upstream, CancellationToken cancellation)
    {
        IReadOnlyList<BoundLimit> limits = [.. upstream.Limits.Select(limit => UpstreamClaims.Bind(limit.Limit))];
        var states = limits.Count is 0 ? [] : await ledger.ReadAsync(upstream.KeyId.Value, limits, cancellation);
        var state = breakers.StateOf(upstream.EndpointId, out var until).WireName();
        return new UpstreamResponse(
            upstream.Name, upstream.BaseUrl.ToString(), upstream.Ready, state, until,
            parking.Of(upstream.EndpointId).ToDictionary(parked => parked.Key, parked => ParkedResponse.Of(parked.Value)),
            [.. states.Select(limit => QuotaResponse.Of(limit, QuotaResponse.Hard, null))]);
    }
}

/// <summary>Describes the state of an upstream: whether it is called, and what its key has left.</summary>
/// <param name="Ready">False while the setting with its key is missing.</param>
/// <param name="Breaker">
/// As this instance sees it: <c>closed</c>, <c>half_open</c>, or <c>open</c> where it is left alone after failures.
/// </param>
/// <param name="BrokenUntil">When one call tries again.</param>
/// <param name="Parked">
/// The models that are left alone here, by their names at the upstream, and why; <c>*</c> is all of them.
/// </param>
/// <param name="Limits">As the ledger has them: what instances have leased is under <c>reserved</c>.</param>
public sealed record UpstreamResponse(
    string Name,
    string BaseUrl,
    bool Ready,
    string Breaker,
    DateTimeOffset? BrokenUntil,
    IReadOnlyDictionary<string, ParkedResponse> Parked,
    IReadOnlyList<QuotaResponse> Limits);

/// <summary>Says why a model of an upstream, or the whole of it, is left alone.</summary>
/// <param name="Reason">
/// <c>rate_limited</c> where the model said so, <c>several_models_rate_limited</c> where three did at a time.
/// </param>
/// <param name="Status">The HTTP status that it answered with.</param>
/// <param name="RetryAfterSeconds">
/// What its <c>Retry-After</c> said; null where it named none, and the gateway chose.
/// </param>
public sealed record ParkedResponse(
    string Reason,
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? RetryAfterSeconds,
    DateTimeOffset Since,
    DateTimeOffset Until)
{
    internal static ParkedResponse Of(ParkedStatus parked) => new(
        parked.Cause.Reason.WireName(),
        parked.Cause.Status,
        parked.Cause.RetryAfter?.TotalSeconds,
        parked.Since,
        parked.Until);
}

/// <summary>
/// Asks a single upstream about its models and our key, for the operator. No model becomes free by it; what a key has
/// left is counted like the rate-limit headers of an answer.
/// </summary>
public sealed class UpstreamReportQueries(CurrentCatalogue current, IUpstreamDirectory directory, QuotaLeases leases)
{
    /// <summary>Asks an upstream for its models, and compares them with the catalogue.</summary>
    public Task<Result<Page<ProposalResponse>>> ProposeAsync(string name, CancellationToken cancellation) => AskAsync(
        name, upstream => upstream.ModelsPath, "list of models",
        async (catalogue, upstream) => new Page<ProposalResponse>(
            Proposals.Of(
                upstream, await directory.ListModelsAsync(upstream, cancellation),
                catalogue.Models.All)), cancellation);

    /// <summary>Asks an upstream what our key has left there.</summary>
    public Task<Result<KeyReportResponse>> ReadKeyAsync(string name, CancellationToken cancellation) => AskAsync(
        name, upstream => upstream.KeyPath, "report of a key",
        async (_, upstream) =>
        {
            var report = await directory.ReadKeyAsync(upstream, cancellation);
            leases.Correct(upstream.KeyId, UpstreamClaims.FreeLimits(upstream), RateLimitObservation.Of(report));
            return KeyReportResponse.Of(name, report);
        },
        cancellation);

    private async Task<Result<T>> AskAsync<T>(
        string name, Func<Upstream, string?> path, string what, Func<CatalogueSnapshot, Upstream, Task<T>> ask,
        CancellationToken cancellation)
        where T : notnull
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal))
        {
            return refusal;
        }

        if (catalogue.Upstreams.FirstOrDefault(upstream => upstream.Name == name) is not { } upstream)
        {
            return Refuse.NotFound("upstream of this name");
        }

        if (path(upstream) is null)
        {
            return Refuse.NotFound($"{what}: the catalogue does not say where the upstream '{name}' has it");
        }

        if (!upstream.Ready)
        {
            return Refuse.UpstreamSilent(name, "its key is not set");
        }

        try
        {
            return await ask(catalogue, upstream);
        }
        catch (UpstreamUnreachableException unreachable)
        {
            return Refuse.UpstreamSilent(name, unreachable.Message);
        }
    }
}

/// <summary>Holds what an upstream reports about our key.</summary>
/// <param name="FreeModelDailyRequests">
/// This UTC day's requests to its free models; null where the upstream does not count them.
/// </param>
public sealed record KeyReportResponse(
    string Upstream,
    decimal? LimitUsd,
    decimal? RemainingUsd,
    decimal? UsedUsd,
    decimal? UsedTodayUsd,
    decimal? UsedThisMonthUsd,
    bool? IsFreeTier,
    FreeRequestReport? FreeModelDailyRequests = null)
{
    public static KeyReportResponse Of(string upstream, KeyReport report) => new(
        upstream,
        report.LimitUsd,
        report.RemainingUsd,
        report.UsedUsd,
        report.UsedTodayUsd,
        report.UsedThisMonthUsd,
        report.IsFreeTier,
        report.FreeRequests);
}
