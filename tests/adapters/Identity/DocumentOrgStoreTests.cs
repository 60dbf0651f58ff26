using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Identity;

public abstract class DocumentOrgStoreTests(TablesFixture azurite)
{
    private static readonly Org Acme = new("acme-eu", "Acme Europe")
    {
        Plan = "lunos",
        Premium = true,
        PhoneVerified = true,
        UserTier = "pro",
        PurchasedNanos = 5_000_000_001,
        Overflow = Overflow.NextFree,
        MonthlyCeilingNanos = 7,
    };

    private static readonly ApiKey Key = new("key-1", "acme-eu", "laptop")
    {
        Overflow = Overflow.Reject,
        MonthlyCeilingNanos = 3,
        HardRefusal = HardRefusal.PaymentRequired,
    };

    [Fact]
    public async Task Find_EverythingIsSet_ComesBackWhole()
    {
        var (keys, orgs) = await SavedAsync();

        (await orgs.FindAsync("acme-eu", CancellationToken.None)).ShouldBe(Acme);
        (await keys.FindAsync(KeyHash.Of("fw-1"), CancellationToken.None)).ShouldBe(new Caller(Acme, Key));
    }

    [Fact]
    public async Task FindAndChange_Unknown_AreNull()
    {
        var (_, orgs) = await SavedAsync();

        (await orgs.FindAsync("other", CancellationToken.None)).ShouldBeNull();
        (await orgs.ChangeAsync("other", org => org, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Change_AFlag_LeavesTheRestAndCanTakeAwayWhatWasSet()
    {
        var (keys, orgs) = await SavedAsync();

        var after = await orgs.ChangeAsync("acme-eu", org => org with { Premium = false, Plan = null, Overflow = null }, CancellationToken.None);

        after.ShouldBe(Acme with { Premium = false, Plan = null, Overflow = null });
        (await orgs.FindAsync("acme-eu", CancellationToken.None)).ShouldBe(after);
        (await keys.FindAsync(KeyHash.Of("fw-1"), CancellationToken.None))!.Key.ShouldBe(Key);
    }

    [Fact]
    public async Task Change_ManyAtOnce_LoseNone()
    {
        var (_, orgs) = await SavedAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            orgs.ChangeAsync("acme-eu", org => org with { PurchasedNanos = org.PurchasedNanos + 10 }, CancellationToken.None)));

        (await orgs.FindAsync("acme-eu", CancellationToken.None))!.PurchasedNanos.ShouldBe(Acme.PurchasedNanos + 100);
    }

    private async Task<(DocumentKeyStore Keys, DocumentKeyStore Orgs)> SavedAsync()
    {
        var account = azurite.Account();
        var keys = KeyStores.On(account);
        await keys.SaveAsync(KeyHash.Of("fw-1"), new Caller(Acme, Key), CancellationToken.None);
        return (keys, KeyStores.On(account));
    }
}

public sealed class DocumentOrgStoreTestsOnAzurite(AzuriteFixture tables) : DocumentOrgStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class DocumentOrgStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : DocumentOrgStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;
