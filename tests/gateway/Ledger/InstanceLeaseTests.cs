using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class InstanceLeaseTests
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
    public async Task Next_ManyNewOrgsAtOnce_AreNotedSideBySide()
    {
        var gates = new GatedInstanceStore(_store);
        var lease = new InstanceLease(gates, _time, new IdSource(_time), new LedgerOptions(), NullLogger<InstanceLease>.Instance);
        gates.Close();

        // Each of 50 orgs has two callers; all their notes must be under way before any of them is let through.
        var rows = Enumerable.Range(0, 100).Select(i => lease.NextAsync($"org-{i / 2}", CancellationToken.None).AsTask()).ToList();
        await Eventually.TrueAsync(() => gates.Held is 50);
        rows.ShouldAllBe(row => !row.IsCompleted);
        gates.Open();

        (await Task.WhenAll(rows)).Distinct().Count().ShouldBe(100);
        _store.Registrations().Count.ShouldBe(50);
    }

    [Fact]
    public async Task Next_OneOrgCannotBeNoted_HoldsUpNoOther()
    {
        var gates = new GatedInstanceStore(_store);
        var lease = new InstanceLease(gates, _time, new IdSource(_time), new LedgerOptions(), NullLogger<InstanceLease>.Instance);
        await lease.NextAsync("acme", CancellationToken.None);
        gates.Close();
        var slow = lease.NextAsync("slow", CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => gates.Held is 1);

        await lease.BeatAsync(CancellationToken.None);
        (await lease.NextAsync("acme", CancellationToken.None)).Sequence.ShouldBe(2);

        gates.Open();
        (await slow).Sequence.ShouldBe(3);
    }

    [Fact]
    public async Task Next_OneOfTwoCallersLeaves_NotesTheOrgForTheOther()
    {
        var gates = new GatedInstanceStore(_store);
        var lease = new InstanceLease(gates, _time, new IdSource(_time), new LedgerOptions(), NullLogger<InstanceLease>.Instance);
        using var gone = new CancellationTokenSource();
        gates.Close();
        var leaving = lease.NextAsync("acme", gone.Token).AsTask();
        var staying = lease.NextAsync("acme", CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => gates.Held is 1);

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        gates.Open();

        (await staying).Sequence.ShouldBe(1);
        _store.Registrations().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Next_TheLeaseGoesStaleWhileTheOrgIsNoted_RenewsItBeforeItAnswers()
    {
        var gates = new GatedInstanceStore(_store);
        var lease = new InstanceLease(gates, _time, new IdSource(_time), new LedgerOptions(), NullLogger<InstanceLease>.Instance);
        gates.Close();
        var asked = lease.NextAsync("acme", CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => gates.Held is 1);

        _time.Advance(TimeSpan.FromMinutes(10));
        gates.Open();

        var row = await asked;
        lease.Covers(row).ShouldBeTrue();
        _store.Registrations().ShouldContain((row.Instance, "acme"));
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

    private Task<RequestKey> NextAsync(string org) => _lease.NextAsync(org, CancellationToken.None).AsTask();

    private Task<IReadOnlyList<InstanceHeartbeat>> BeatsAsync() => _store.ListAsync(CancellationToken.None);
}
