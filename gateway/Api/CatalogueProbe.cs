using Freeway.Gateway.Catalogue.Versions;

namespace Freeway.Gateway.Api;

/// <summary>Checks that there is a catalogue to serve by. The last known one is enough.</summary>
internal sealed class CatalogueProbe(CurrentCatalogue catalogue) : IReadinessProbe
{
    public string Name => "catalogue";

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        if (!(await catalogue.TakeAsync(cancellation)).Accepted(out _, out _))
        {
            throw new IOException("no catalogue has been read yet");
        }
    }
}
