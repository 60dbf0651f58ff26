using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Identity;

public abstract class DocumentKeyStoreTests(TablesFixture azurite)
{
    private static readonly KeyHash Hash = KeyHash.Of("fw-secret");
    private static readonly Caller Caller = new(
        new Org("acme-eu", "Acme Europe", Disabled: true),
        new ApiKey("key-1", "acme-eu", "laptop", Disabled: true, new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public async Task Find_SavedBefore_ComesBackWhole()
    {
        var store = KeyStores.On(azurite.Account());
        await store.SaveAsync(Hash, Caller, CancellationToken.None);

        (await store.FindAsync(Hash, CancellationToken.None)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Find_Unknown_IsNull()
    {
        var store = KeyStores.On(azurite.Account());
        await store.SaveAsync(Hash, Caller, CancellationToken.None);

        (await store.FindAsync(KeyHash.Of("fw-other"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Save_Again_ReplacesTheKeyAndTheOrgOfAllItsKeys()
    {
        var store = KeyStores.On(azurite.Account());
        var second = KeyHash.Of("fw-second");
        await store.SaveAsync(Hash, Caller, CancellationToken.None);
        await store.SaveAsync(second, Caller with { Key = new ApiKey("key-2", "acme-eu", "server") }, CancellationToken.None);

        await store.SaveAsync(Hash, new Caller(new Org("acme-eu", "Acme"), Caller.Key with { Disabled = false, ExpiresAt = null }), CancellationToken.None);

        (await store.FindAsync(Hash, CancellationToken.None))!.Key.ExpiresAt.ShouldBeNull();
        (await store.FindAsync(second, CancellationToken.None))!.Org.ShouldBe(new Org("acme-eu", "Acme"));
    }

    [Fact]
    public async Task ListOrgs_SeveralKeysEach_NamesEachOnce()
    {
        var store = KeyStores.On(azurite.Account());
        foreach (var index in Enumerable.Range(0, 5))
        {
            var org = new Org($"org-{index / 2}", "Some");
            await store.SaveAsync(KeyHash.Of($"fw-{index}"), new Caller(org, new ApiKey($"key-{index}", org.Id, "")), CancellationToken.None);
        }

        (await store.ListOrgsAsync(CancellationToken.None).Select(org => org.Id).ToListAsync()).ShouldBe(["org-0", "org-1", "org-2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Calls_StorageIsDown_Throw()
    {
        using var transport = new FaultyTransport(1, FaultRates.None) { Down = true };
        var store = KeyStores.On(azurite.Account(transport: transport));

        await Should.ThrowAsync<IOException>(store.FindAsync(Hash, CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.SaveAsync(Hash, Caller, CancellationToken.None));
        await Should.ThrowAsync<IOException>(async () => await store.ListOrgsAsync(CancellationToken.None).CountAsync());
    }
}

public sealed class DocumentKeyStoreTestsOnAzurite(AzuriteFixture tables) : DocumentKeyStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class DocumentKeyStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : DocumentKeyStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;
