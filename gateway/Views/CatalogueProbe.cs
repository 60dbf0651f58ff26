using Freeway.Gateway.Catalogue;

namespace Freeway.Gateway.Views;

/// <summary>Whether a catalogue has been read: without one nobody can be served.</summary>
public sealed class CatalogueProbe(CurrentCatalogue current) : IReadinessProbe
{
    public string Name => "catalogue";

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation).ConfigureAwait(false)).Accepted(out _, out _))
        {
            throw new IOException("no catalogue has been read yet");
        }
    }
}
