using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Api;

/// <summary>All upstreams, what their keys have left and whether they are called, for the operator.</summary>
public sealed class UpstreamsView(CurrentCatalogue current, RequestLedger ledger, IUpstreamBreakers breakers, Parking parking)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Result<Page<UpstreamResponse>>> ListAsync(CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal))
        {
            return refusal;
        }

        try
        {
            return new Page<UpstreamResponse>([.. await Task.WhenAll(catalogue.Upstreams.Select(upstream => CardAsync(upstream, cancellation)))]);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RetryAfterOutage);
        }
    }

    private async Task<UpstreamResponse> CardAsync(Upstream upstream, CancellationToken cancellation)
    {
        IReadOnlyList<BoundLimit> limits = [.. upstream.Limits.Select(limit => UpstreamClaims.Bind(limit.Limit))];
        var states = limits.Count is 0 ? [] : await ledger.ReadAsync(upstream.Partition, limits, cancellation);
        var state = breakers.StateOf(upstream.Place, out var until).WireName();
        return new UpstreamResponse(
            upstream.Name, upstream.BaseUrl.ToString(), upstream.Ready, state, until, parking.Of(upstream.Place),
            [.. states.Select(limit => QuotaResponse.Of(limit, QuotaResponse.Hard, null))]);
    }
}

/// <summary>Where an upstream's key stands.</summary>
/// <param name="Ready">False while the setting with its key is missing.</param>
/// <param name="Breaker">As this instance sees it: <c>closed</c>, <c>half_open</c>, or <c>open</c> where it is left alone after failures.</param>
/// <param name="BrokenUntil">When one call tries again.</param>
/// <param name="Parked">Models that said 429 here, by their names at the upstream, and until when they are left alone; <c>*</c> is all of them.</param>
/// <param name="Limits">As the ledger has them: what instances have leased is under <c>reserved</c>.</param>
public sealed record UpstreamResponse(
    string Name, string BaseUrl, bool Ready, string Breaker, DateTimeOffset? BrokenUntil, IReadOnlyDictionary<string, DateTimeOffset> Parked, IReadOnlyList<QuotaResponse> Limits);
