using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class InstanceLeaseTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly InMemoryInstanceStore _store = new();
    private readonly FaultyInstanceStore _way;
    private readonly InstanceLease _lease;

    public InstanceLeaseTests()
    {
        _way = new FaultyInstanceStore(_store, 1, FaultRates.None);
        _lease = new InstanceLease(_way, _time, new IdSource(_time), new LedgerOptions(), NullLogger<InstanceLease>.Instance);
    }

    [Fact]
    public async Task Next_First_ShowsLifeAndNotesTheOrgBeforeItAnswers()
    {
        var row = await NextAsync("acme");

        row.Sequence.ShouldBe(1);
        (await BeatsAsync()).ShouldHaveSingleItem().Instance.ShouldBe(row.Instance);
        _store.Registrations().ShouldBe([(row.Instance, "acme")]);
    }

    [Fact]
    public async Task Next_Again_CostsNothing()
    {
        await NextAsync("acme");
        var calls = _way.Calls;

        (await NextAsync("acme")).Sequence.ShouldBe(2);

        _way.Calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Next_ManyAtOnce_ShareOneNoteAndHaveDifferentNames()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => NextAsync("acme")));

        rows.Distinct().Count().ShouldBe(50);
        _way.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Next_TheOrgCannotBeNoted_Throws()
    {
        await NextAsync("acme");
        _way.Down = true;

        await Should.ThrowAsync<IOException>(NextAsync("other"));

        _store.Registrations().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Next_SilentForHalfTheTime_RenewsFirstAndKeepsTheName()
    {
        var row = await NextAsync("acme");
        _time.Advance(TimeSpan.FromSeconds(46));
        _lease.Covers(row).ShouldBeFalse();

        var next = await NextAsync("acme");

        next.Instance.ShouldBe(row.Instance);
        (await BeatsAsync()).ShouldHaveSingleItem().At.ShouldBe(_time.GetUtcNow());
        _lease.Covers(row).ShouldBeTrue();
    }

    [Fact]
    public async Task Next_SilentForHalfTheTimeAndTheStoreIsDown_Throws()
    {
        await NextAsync("acme");
        _time.Advance(TimeSpan.FromSeconds(46));
        _way.Down = true;

        await Should.ThrowAsync<IOException>(NextAsync("acme"));
    }

    [Fact]
    public async Task Next_SilentForSoLongThatOthersMayTakeItForDead_GoesOnUnderANewName()
    {
        var row = await NextAsync("acme");
        _time.Advance(TimeSpan.FromSeconds(90));

        var next = await NextAsync("acme");

        next.Instance.ShouldNotBe(row.Instance);
        _lease.Covers(row).ShouldBeFalse();
        _store.Registrations().ShouldContain((next.Instance, "acme"));
        _store.Registrations().ShouldContain((row.Instance, "acme"));
    }

    [Fact]
    public async Task Beat_RecoveryHasClaimedTheInstance_GoesOnUnderANewName()
    {
        var row = await NextAsync("acme");
        (await _store.TryClaimAsync((await BeatsAsync())[0], CancellationToken.None)).ShouldBeTrue();

        await _lease.BeatAsync(CancellationToken.None);

        _lease.Instance.ShouldNotBe(row.Instance);
        (await BeatsAsync()).Single(beat => beat.Instance == row.Instance).Claimed.ShouldBeTrue();
    }

    [Fact]
    public async Task Beat_AnswerLost_KeepsTheNameAtTheNextBeat()
    {
        var row = await NextAsync("acme");
        _way.LoseNextAnswer = true;
        await Should.ThrowAsync<IOException>(_lease.BeatAsync(CancellationToken.None));

        await _lease.BeatAsync(CancellationToken.None);

        _lease.Instance.ShouldBe(row.Instance);
    }

    [Fact]
    public async Task Beat_NothingReservedYet_WritesNothing()
    {
        await _lease.BeatAsync(CancellationToken.None);

        _lease.Instance.ShouldBeNull();
        _way.Calls.ShouldBe(0);
    }

    public void Dispose() => _lease.Dispose();

    private Task<RequestKey> NextAsync(string org) => _lease.NextAsync(org, CancellationToken.None).AsTask();

    private Task<IReadOnlyList<InstanceBeat>> BeatsAsync() => _store.ListAsync(CancellationToken.None);
}
