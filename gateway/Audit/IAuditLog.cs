namespace Freeway.Gateway.Audit;

/// <summary>Reads what <see cref="IDocumentStore"/> wrote down. Outage stance: it throws.</summary>
public interface IAuditLog
{
    /// <summary>Records of all kinds, newest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<AuditPage> ListAsync(AuditQuery query, CancellationToken cancellation);
}
