using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Routing;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Views;

/// <summary>What upstreams say of themselves, for the operator. Nothing is written, and nothing becomes free by it.</summary>
public sealed class UpstreamView(CurrentCatalogue current, IUpstreamDirectory directory)
{
    /// <summary>What its list of models would change in the catalogue.</summary>
    public Task<Decision<Page<ProposalCard>>> ProposeAsync(string name, CancellationToken cancellation) => AskAsync(
        name, upstream => upstream.ModelsPath, "list of models",
        async (catalogue, upstream) => new Page<ProposalCard>(
            Proposals.Of(upstream, await directory.ListModelsAsync(upstream, cancellation), catalogue.Models.All)), cancellation);

    /// <summary>What its key has left.</summary>
    public Task<Decision<KeyReportCard>> ReadKeyAsync(string name, CancellationToken cancellation) => AskAsync(
        name, upstream => upstream.KeyPath, "report of a key",
        async (_, upstream) => KeyReportCard.Of(name, await directory.ReadKeyAsync(upstream, cancellation)), cancellation);

    private async Task<Decision<T>> AskAsync<T>(string name, Func<Upstream, string?> path, string what, Func<CatalogueSnapshot, Upstream, Task<T>> ask, CancellationToken cancellation)
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
