using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Tests.Identity;

public sealed class EndUsersTests
{
    private readonly SaltStore _store = new();

    [Fact]
    public void Hash_OfAnId_DependsOnOrgIdAndSalt()
    {
        var hash = EndUserId.Of("acme", "alice", "salt 1 of at least sixteen"u8).Hash;

        hash.ShouldMatch("^eu_[0-9a-f]{32}$");
        EndUserId.Of("acme", "alice", "salt 1 of at least sixteen"u8).Hash.ShouldBe(hash);
        EndUserId.Of("zeta", "alice", "salt 1 of at least sixteen"u8).Hash.ShouldNotBe(hash);
        EndUserId.Of("acme", "Alice", "salt 1 of at least sixteen"u8).Hash.ShouldNotBe(hash);
        EndUserId.Of("acme", "alice", "salt 2 of at least sixteen"u8).Hash.ShouldNotBe(hash);
    }

    [Theory]
    [InlineData("eu_0123456789abcdef0123456789abcdef", true, true)]
    [InlineData("eu_0123456789abcdef0123456789abcdef demo/echo", false, true)]
    [InlineData("eu_0123456789abcdef0123456789abcdefdemo/echo", false, false)]
    [InlineData("eu_0123456789ABCDEF0123456789abcdef", false, false)]
    [InlineData("eu_0123456789abcdef", false, false)]
    [InlineData("demo/echo", false, false)]
    [InlineData("*", false, false)]
    [InlineData("", false, false)]
    public void Text_IsAHashOrTheSubjectOfAQuota_OnlyInThatForm(string text, bool isHash, bool isSubject) =>
        (EndUserId.IsHash(text), EndUserId.IsSubject(text)).ShouldBe((isHash, isSubject));

    [Fact]
    public async Task Salt_OfManyRequests_IsReadOnce()
    {
        var users = TestEndUsers.Create(_store);

        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            async index => (await users.FindAsync("acme", $"user-{index % 2}", CancellationToken.None)).Id));

        found.Distinct().Count().ShouldBe(2);
        _store.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task Salt_OutOfReach_IsAskedForAgain()
    {
        var users = TestEndUsers.Create(_store);
        _store.IsDown = true;
        await Should.ThrowAsync<IOException>(() => users.FindAsync("acme", "alice", CancellationToken.None).AsTask());

        _store.IsDown = false;

        (await users.FindAsync("acme", "alice", CancellationToken.None)).Id.ShouldBe(EndUserId.Of("acme", "alice", SaltStore.Salt));
    }

    [Fact]
    public async Task LookUp_ByAHash_NeedsNoSalt()
    {
        _store.IsDown = true;

        var found = await TestEndUsers.Create(_store).LookUpAsync("acme", "eu_0123456789abcdef0123456789abcdef", CancellationToken.None);

        found.Id.Hash.ShouldBe("eu_0123456789abcdef0123456789abcdef");
    }

    [Fact]
    public async Task Find_ByWhatLooksLikeAHash_IsAnIdLikeAnyOther()
    {
        var found = await TestEndUsers.Create().FindAsync("acme", "eu_0123456789abcdef0123456789abcdef", CancellationToken.None);

        found.Id.Hash.ShouldNotBe("eu_0123456789abcdef0123456789abcdef");
    }

    private sealed class SaltStore : IEndUserSaltStore
    {
        public static readonly byte[] Salt = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

        public bool IsDown { get; set; }

        public int Reads { get; private set; }

        public async Task<byte[]> GetOrAddAsync(byte[] proposed, CancellationToken cancellation)
        {
            Reads++;
            await Task.Yield();
            return IsDown ? throw new IOException("out of reach") : Salt;
        }
    }
}
