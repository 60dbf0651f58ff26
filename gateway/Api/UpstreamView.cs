using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Api;

/// <summary>
/// What upstreams say of themselves, for the operator. Nothing becomes free by it; what a key has left is counted like the
/// rate-limit headers of an answer.
/// </summary>
public sealed class UpstreamView(CurrentCatalogue current, IUpstreamDirectory directory, QuotaLeases leases)
{
    /// <summary>What its list of models would change in the catalogue.</summary>
    public Task<Result<Page<ProposalResponse>>> ProposeAsync(string name, CancellationToken cancellation) => AskAsync(
        name, upstream => upstream.ModelsPath, "list of models",
        async (catalogue, upstream) => new Page<ProposalResponse>(
            Proposals.Of(upstream, await directory.ListModelsAsync(upstream, cancellation), catalogue.Models.All)), cancellation);

    /// <summary>What its key has left.</summary>
    public Task<Result<KeyReportResponse>> ReadKeyAsync(string name, CancellationToken cancellation) => AskAsync(
        name, upstream => upstream.KeyPath, "report of a key",
        async (_, upstream) =>
        {
            var report = await directory.ReadKeyAsync(upstream, cancellation);
            leases.Correct(upstream.Partition, UpstreamClaims.FreeLimits(upstream), report.Observations());
            return KeyReportResponse.Of(name, report);
        }, cancellation);

    private async Task<Result<T>> AskAsync<T>(string name, Func<Upstream, string?> path, string what, Func<CatalogueSnapshot, Upstream, Task<T>> ask, CancellationToken cancellation)
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

/// <summary>What an upstream says of our key there.</summary>
/// <param name="FreeModelDailyRequests">This UTC day's requests to its free models; null where it does not count them.</param>
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
        upstream, report.LimitUsd, report.RemainingUsd, report.UsedUsd, report.UsedTodayUsd, report.UsedThisMonthUsd, report.IsFreeTier,
        report.FreeRequests);
}
