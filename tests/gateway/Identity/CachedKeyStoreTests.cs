using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Tests.Identity;

public sealed class CachedKeyStoreTests
{
    private static readonly KeyHash Hash = KeyHash.Of("fw-secret");
    private static readonly Caller Caller = new(new Org("demo", "Demo"), new ApiKey("key", "demo", "test"));

    [Fact]
    public async Task Find_AskedManyTimesAtOnce_LooksOnce()
    {
        var slow = new SlowKeyStore();
        using var keys = new CachedKeyStore(slow, TimeProvider.System);

        var asked = Enumerable.Range(0, 50).Select(_ => keys.FindAsync(Hash, CancellationToken.None)).ToList();
        slow.Answer.SetResult(Caller);

        (await Task.WhenAll(asked)).ShouldAllBe(found => found == Caller);
        (await keys.FindAsync(Hash, CancellationToken.None)).ShouldBe(Caller);
        slow.Looks.ShouldBe(1);
    }

    [Fact]
    public async Task Find_WhenOneOfManyLeaves_StillAnswersTheOthers()
    {
        var slow = new SlowKeyStore();
        using var keys = new CachedKeyStore(slow, TimeProvider.System);
        using var leaving = new CancellationTokenSource();

        var first = keys.FindAsync(Hash, leaving.Token);
        var second = keys.FindAsync(Hash, CancellationToken.None);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        slow.Answer.SetResult(Caller);

        (await second).ShouldBe(Caller);
    }

    [Fact]
    public async Task Find_AfterALookThatFailed_LooksAgain()
    {
        var slow = new SlowKeyStore();
        using var keys = new CachedKeyStore(slow, TimeProvider.System);

        var asked = keys.FindAsync(Hash, CancellationToken.None);
        slow.Answer.SetException(new IOException("down"));
        await Should.ThrowAsync<IOException>(asked);
        slow.Answer = new TaskCompletionSource<Caller?>();
        slow.Answer.SetResult(Caller);

        (await keys.FindAsync(Hash, CancellationToken.None)).ShouldBe(Caller);
        slow.Looks.ShouldBe(2);
    }

    /// <summary>Answers when the test says so.</summary>
    private sealed class SlowKeyStore : IKeyStore
    {
        public int Looks { get; private set; }

        public TaskCompletionSource<Caller?> Answer { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation)
        {
            Looks++;
            return Answer.Task.WaitAsync(cancellation);
        }

        public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation) => Task.CompletedTask;

        public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<Org>();
    }
}
