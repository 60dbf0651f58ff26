using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>What every instance store must do, whatever it stands on.</summary>
public abstract class InstanceStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Beat_First_MakesTheRow()
    {
        var store = await OpenAsync();

        var etag = await BeatAsync(store, null);

        (await ListAsync(store)).ShouldHaveSingleItem().ShouldBe(new InstanceHeartbeat("one", Noon, false, etag!));
    }

    [Fact]
    public async Task Beat_WithTheLastETag_MovesTheTimeOn()
    {
        var store = await OpenAsync();
        var first = await BeatAsync(store, null);

        var second = await BeatAsync(store, first, Noon.AddSeconds(10));

        second.ShouldNotBeNull().ShouldNotBe(first);
        (await ListAsync(store)).ShouldHaveSingleItem().At.ShouldBe(Noon.AddSeconds(10));
    }

    [Fact]
    public async Task Beat_TheLastAnswersWereLost_IsNoClaim()
    {
        var store = await OpenAsync();
        await BeatAsync(store, null);
        var known = await BeatAsync(store, null);
        await BeatAsync(store, known);

        (await BeatAsync(store, known)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Beat_RecoveryHasClaimedTheRow_AnswersNullAndLeavesTheClaim()
    {
        var store = await OpenAsync();
        var etag = await BeatAsync(store, null);
        (await store.TryClaimAsync((await ListAsync(store))[0], CancellationToken.None)).ShouldBeTrue();

        (await BeatAsync(store, etag)).ShouldBeNull();

        (await ListAsync(store)).ShouldHaveSingleItem().Claimed.ShouldBeTrue();
    }

    [Fact]
    public async Task Beat_RecoveryHasRemovedTheRow_AnswersNullAndDoesNotMakeItAgain()
    {
        var store = await OpenAsync();
        var etag = await BeatAsync(store, null);
        await store.RemoveAsync("one", CancellationToken.None);

        (await BeatAsync(store, etag)).ShouldBeNull();

        (await ListAsync(store)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_TheInstanceHasShownLifeMeanwhile_IsNotMade()
    {
        var store = await OpenAsync();
        var etag = await BeatAsync(store, null);
        var seen = (await ListAsync(store))[0];
        await BeatAsync(store, etag);

        (await store.TryClaimAsync(seen, CancellationToken.None)).ShouldBeFalse();

        (await ListAsync(store)).ShouldHaveSingleItem().Claimed.ShouldBeFalse();
    }

    [Fact]
    public async Task Claim_ByTwo_IsMadeByOne()
    {
        var store = await OpenAsync();
        await BeatAsync(store, null);
        var seen = (await ListAsync(store))[0];

        var claims = await Task.WhenAll(store.TryClaimAsync(seen, CancellationToken.None), store.TryClaimAsync(seen, CancellationToken.None));

        claims.Count(made => made).ShouldBe(1);
    }

    [Fact]
    public async Task Register_AgainAndOthers_AreNotedOnceEach()
    {
        var store = await OpenAsync();
        await BeatAsync(store, null);
        await store.RegisterAsync("one", "acme/eu", CancellationToken.None);
        await store.RegisterAsync("one", "acme/eu", CancellationToken.None);
        await store.RegisterAsync("one", "beta", CancellationToken.None);
        await store.RegisterAsync("two", "gamma", CancellationToken.None);

        (await store.OrgsAsync("one", CancellationToken.None)).ShouldBe(["acme/eu", "beta"], ignoreOrder: true);
        await store.UnregisterAsync("one", "beta", CancellationToken.None);
        await store.UnregisterAsync("one", "beta", CancellationToken.None);
        (await store.OrgsAsync("one", CancellationToken.None)).ShouldBe(["acme/eu"]);
        (await ListAsync(store)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Remove_Twice_IsTheSame()
    {
        var store = await OpenAsync();
        await BeatAsync(store, null);

        await store.RemoveAsync("one", CancellationToken.None);
        await store.RemoveAsync("one", CancellationToken.None);

        (await ListAsync(store)).ShouldBeEmpty();
    }

    /// <summary>A store with nothing in it.</summary>
    protected abstract Task<IInstanceStore> OpenAsync();

    private static Task<string?> BeatAsync(IInstanceStore store, string? etag, DateTimeOffset? at = null) =>
        store.BeatAsync("one", at ?? Noon, etag, CancellationToken.None);

    private static Task<IReadOnlyList<InstanceHeartbeat>> ListAsync(IInstanceStore store) => store.ListAsync(CancellationToken.None);
}
