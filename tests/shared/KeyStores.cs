using Freeway.Adapters.Identity;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Tests.Shared;

/// <summary>Orgs and keys on a storage account, as the gateway keeps them.</summary>
public static class KeyStores
{
    public static DocumentKeyStore On(StorageAccount account, TimeProvider? clock = null)
    {
        var time = clock ?? TimeProvider.System;
        var documents = new TableDocumentStore(account, new Backoff(TimeProvider.System, new Random(1)));
        return new DocumentKeyStore(documents, new TableSecretStore(account), new DocumentWriter(documents, new IdSource(time), time), time);
    }
}
