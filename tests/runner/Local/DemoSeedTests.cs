using Freeway.Gateway.Identity;
using Freeway.Runner.Local;

namespace Freeway.Runner.Tests.Local;

public sealed class DemoSeedTests
{
    private readonly Store _store = new();

    [Fact]
    public async Task Write_NothingThere_MakesOrgAndKey()
    {
        await WriteAsync("fw-1");

        _store.Keys.ShouldHaveSingleItem().Value.ShouldBe(new Caller(new Org("demo", "Demo"), new ApiKey("demo-key", "demo", "Demo key")));
    }

    [Fact]
    public async Task Write_Again_LeavesWhatWasSetMeanwhile()
    {
        await WriteAsync("fw-1");
        var changed = new Caller(
            new Org("demo", "Demo", Disabled: true) { Plan = "lunos", Premium = true, PurchasedNanos = 5 },
            new ApiKey("demo-key", "demo", "Mine") { Overflow = Overflow.Reject });
        _store.Keys[KeyHash.Of("fw-1")] = changed;

        await WriteAsync("fw-1");

        _store.Keys.ShouldHaveSingleItem().Value.ShouldBe(changed);
    }

    [Fact]
    public async Task Write_TheSecretIsNew_TheOrgStaysAsItIs()
    {
        var org = new Org("demo", "Demo") { Premium = true, PurchasedNanos = 5 };
        _store.Keys[KeyHash.Of("fw-old")] = new Caller(org, new ApiKey("demo-key", "demo", "Demo key"));

        await WriteAsync("fw-new");

        _store.Keys[KeyHash.Of("fw-new")].Org.ShouldBe(org);
    }

    private Task WriteAsync(string secret) => DemoSeed.WriteAsync(_store, _store, secret, CancellationToken.None);

    private sealed class Store : IKeyStore, IOrgStore
    {
        public Dictionary<KeyHash, Caller> Keys { get; } = [];

        public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation) => Task.FromResult(Keys.GetValueOrDefault(hash));

        public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation)
        {
            Keys[hash] = caller;
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => Keys.Values.Select(caller => caller.Org).ToAsyncEnumerable();

        public Task<Org?> FindAsync(string id, CancellationToken cancellation) =>
            Task.FromResult(Keys.Values.Select(caller => caller.Org).FirstOrDefault(org => org.Id == id));

        public Task<Org?> ChangeAsync(string id, Func<Org, Org> change, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
