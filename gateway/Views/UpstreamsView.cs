using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Views;

/// <summary>All upstreams, what their keys have left and whether they are called, for the operator.</summary>
public sealed class UpstreamsView(CurrentCatalogue current, RequestLedger ledger, IUpstreamBreakers breakers, Parking parking)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Decision<Page<UpstreamCard>>> ListAsync(CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal))
        {
            return refusal;
        }

        try
        {
            return new Page<UpstreamCard>([.. await Task.WhenAll(catalogue.Upstreams.Select(upstream => CardAsync(upstream, cancellation)))]);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RetryAfterOutage);
        }
    }

    private async Task<UpstreamCard> CardAsync(Upstream upstream, CancellationToken cancellation)
    {
        IReadOnlyList<BoundLimit> limits = [.. upstream.Limits.Select(limit => UpstreamTakes.Bind(limit.Limit))];
        var states = limits.Count is 0 ? [] : await ledger.ReadAsync(upstream.Partition, limits, cancellation);
        var state = breakers.StateOf(upstream.Place, out var until).WireName();
        return new UpstreamCard(
            upstream.Name, upstream.BaseUrl.ToString(), upstream.Ready, state, until, parking.Of(upstream.Place),
            [.. states.Select(limit => QuotaCard.Of(limit, QuotaCard.Hard, null))]);
    }
}
