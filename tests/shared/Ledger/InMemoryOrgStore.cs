using System.Collections.Concurrent;
using Freeway.Gateway.Identity;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>Orgs in memory.</summary>
public sealed class InMemoryOrgStore(params IEnumerable<Org> orgs) : IOrgStore
{
    private readonly ConcurrentDictionary<string, Org> _orgs = new(orgs.ToDictionary(org => org.Id), StringComparer.Ordinal);

    /// <summary>While true every call fails.</summary>
    public bool Down { get; set; }

    /// <summary>While true changes fail, as if the process had died before them.</summary>
    public bool FailChanges { get; set; }

    public int Changes { get; private set; }

    public Org this[string id] => _orgs[id];

    public Task<Org?> FindAsync(string id, CancellationToken cancellation) =>
        Down ? Task.FromException<Org?>(new IOException("The store does not answer.")) : Task.FromResult(_orgs.GetValueOrDefault(id));

    public async Task<Org?> ChangeAsync(string id, Func<Org, Org> change, CancellationToken cancellation)
    {
        if (FailChanges)
        {
            throw new IOException("The store does not answer.");
        }

        if (await FindAsync(id, cancellation) is not { } org)
        {
            return null;
        }

        Changes++;
        return _orgs[id] = change(org);
    }
}
