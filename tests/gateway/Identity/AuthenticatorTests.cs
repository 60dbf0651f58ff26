using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Identity;

public sealed class AuthenticatorTests
{
    private static readonly Caller Acme = new(new Org("acme", "Acme"), new ApiKey("key-1", "acme", "laptop"));
    private const string Admin = "an admin key of any form";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);
    private readonly ManualTime _time = new();
    private readonly ScriptedKeyStore _store = new();

    [Fact]
    public async Task Authenticate_AKnownKey_IsItsCaller()
    {
        _store.Caller = Acme;

        (await AskAsync("fw-secret")).Accepted(out var caller, out _).ShouldBeTrue();

        caller.ShouldBe(Acme);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Authenticate_NoKey_IsRefusedWithoutALook(string? secret)
    {
        (await RefusedAsync(secret)).ShouldBe(RefusalCode.InvalidApiKey);

        _store.Looks.ShouldBe(0);
    }

    [Fact]
    public async Task Authenticate_AnUnknownKey_IsRefused() => (await RefusedAsync("fw-other")).ShouldBe(RefusalCode.InvalidApiKey);

    [Fact]
    public async Task Authenticate_ADisabledKey_IsRefused()
    {
        _store.Caller = Acme with { Key = Acme.Key with { Disabled = true } };

        (await RefusedAsync("fw-secret")).ShouldBe(RefusalCode.KeyDisabled);
    }

    [Fact]
    public async Task Authenticate_AKeyOfADisabledOrg_IsRefused()
    {
        _store.Caller = Acme with { Org = Acme.Org with { Disabled = true } };

        (await RefusedAsync("fw-secret")).ShouldBe(RefusalCode.OrgDisabled);
    }

    [Fact]
    public async Task Authenticate_AKeyThatExpires_IsRefusedFromThatMomentOn()
    {
        _store.Caller = Acme with { Key = Acme.Key with { ExpiresAt = _time.GetUtcNow().AddSeconds(1) } };
        (await AskAsync("fw-secret")).Accepted(out _, out _).ShouldBeTrue();

        _time.Advance(TimeSpan.FromSeconds(1));

        (await RefusedAsync("fw-secret")).ShouldBe(RefusalCode.InvalidApiKey);
    }

    [Fact]
    public async Task Authenticate_TheStoreIsDown_LetsNobodyThrough()
    {
        _store.Down = true;

        (await RefusedAsync("fw-secret")).ShouldBe(RefusalCode.QuotaUnavailable);
    }

    /// <summary>Three tries of five seconds each held the refusal back for 15.7 seconds: R6.</summary>
    [Fact]
    public async Task Authenticate_TheStoreHangs_LetsNobodyThroughOnceTheTimeToWaitIsOver()
    {
        _store.Hung = true;
        using var cache = new CachedKeyStore(_store, _time);
        var asked = AskAsync("fw-secret", cache);

        _time.Advance(Longest - TimeSpan.FromTicks(1));
        asked.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));

        (await asked).Accepted(out _, out var refusal).ShouldBeFalse();
        (refusal!.Code, refusal.RetryAfter).ShouldBe((RefusalCode.QuotaUnavailable, TimeSpan.FromSeconds(5)));
        refusal.Message.ShouldStartWith("The key cannot be looked up at the moment");
    }

    [Fact]
    public async Task Authenticate_ACallerWhoLeaves_EndsTheWaitAndIsNotRefused()
    {
        _store.Hung = true;
        using var leaving = new CancellationTokenSource();
        var asked = AskAsync("fw-secret", cancellation: leaving.Token);

        leaving.Cancel();

        await Should.ThrowAsync<OperationCanceledException>(asked);
    }

    [Fact]
    public async Task Authenticate_AManagementKey_IsToldSoWithoutALook()
    {
        (await RefusedAsync(KeySecret.Create(KeyType.Management))).ShouldBe(RefusalCode.WrongKeyType);

        _store.Looks.ShouldBe(0);
    }

    [Fact]
    public async Task Authenticate_TheKeyOfTheSettings_IsToldSo() => (await RefusedAsync(Admin)).ShouldBe(RefusalCode.WrongKeyType);

    [Fact]
    public async Task Authenticate_AMistypedKey_IsRefusedWithoutALook()
    {
        var secret = KeySecret.Create();
        _store.Caller = Acme;

        (await RefusedAsync(secret[..^1] + (secret[^1] is 'a' ? 'b' : 'a'))).ShouldBe(RefusalCode.InvalidApiKey);
        (await RefusedAsync(secret[..^1])).ShouldBe(RefusalCode.InvalidApiKey);

        _store.Looks.ShouldBe(0);
        (await AskAsync(secret)).Accepted(out _, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Find_AKnownKeyAgain_IsLookedUpWithinThirtySeconds()
    {
        _store.Caller = Acme;
        using var cache = new CachedKeyStore(_store, _time);
        await FindAsync(cache);
        _time.Advance(TimeSpan.FromSeconds(24));
        await FindAsync(cache);
        _store.Looks.ShouldBe(1);

        _store.Caller = Acme with { Key = Acme.Key with { Disabled = true } };
        _time.Advance(TimeSpan.FromSeconds(1));

        (await FindAsync(cache))!.Key.Disabled.ShouldBeTrue();
    }

    [Fact]
    public async Task Find_AnUnknownKeyAgain_IsLookedUpEveryFiveSeconds()
    {
        using var cache = new CachedKeyStore(_store, _time);
        await FindAsync(cache);
        await FindAsync(cache);
        _store.Looks.ShouldBe(1);

        _store.Caller = Acme;
        _time.Advance(TimeSpan.FromSeconds(5));

        (await FindAsync(cache)).ShouldBe(Acme);
    }

    [Fact]
    public async Task Find_SavedMeanwhile_IsSeenAtOnce()
    {
        using var cache = new CachedKeyStore(_store, _time);
        await FindAsync(cache);

        await cache.SaveAsync(KeyHash.Of("fw-secret"), Acme, CancellationToken.None);

        (await FindAsync(cache)).ShouldBe(Acme);
    }

    private static Task<Caller?> FindAsync(CachedKeyStore cache) => cache.FindAsync(KeyHash.Of("fw-secret"), CancellationToken.None);

    private Task<Result<Caller>> AskAsync(string? secret, IKeyStore? store = null, CancellationToken cancellation = default) =>
        new Authenticator(store ?? _store, new BootstrapKey(KeyHash.Of(Admin).Hex), _time)
            .AuthenticateAsync(secret, new WaitBudget(Longest, _time), cancellation);

    private async Task<RefusalCode> RefusedAsync(string? secret)
    {
        (await AskAsync(secret)).Accepted(out _, out var refusal).ShouldBeFalse();
        return refusal!.Code;
    }
}
