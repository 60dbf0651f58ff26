using System.Diagnostics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Core;

public sealed class SingleWriterQueueTests
{
    [Fact]
    public async Task Items_ThatComeDuringARound_AreTakenTogetherByTheNext()
    {
        var writer = new Writer();
        writer.Add(1).ShouldBeTrue();
        await writer.Entered.WaitAsync();

        writer.Add(2);
        writer.Add(3);
        writer.Hold.TrySet(true);
        await writer.Idle;

        writer.Rounds.ShouldBe([[1], [2, 3]]);
        writer.MostAtOnce.ShouldBe(1);
    }

    [Fact]
    public async Task Round_ThatThrows_FailsItsOwnItemsAndTheNextGoesOn()
    {
        var writer = new Writer { Fails = round => round is 1 };
        writer.Add(1);
        await writer.Entered.WaitAsync();

        writer.Add(2);
        writer.Hold.TrySet(true);
        await writer.Idle;

        writer.Failed.ShouldBe([1]);
        writer.Rounds.ShouldBe([[1], [2]]);
    }

    [Fact]
    public async Task Loop_OfManyCallers_CarriesTheTraceOfNone()
    {
        using var caller = new Activity("caller").Start();
        var writer = new Writer();
        writer.Hold.TrySet(true);

        writer.Add(1);
        await writer.Idle;

        writer.Traces.ShouldBe([null]);
    }

    [Fact]
    public async Task Close_WhileARoundRuns_IsRefused_AndOnceIdle_RefusesItems()
    {
        var writer = new Writer();
        writer.Add(1);
        await writer.Entered.WaitAsync();
        writer.Close().ShouldBeFalse();

        writer.Hold.TrySet(true);
        await writer.Idle;

        writer.Close().ShouldBeTrue();
        writer.Add(2).ShouldBeFalse();
    }

    [Fact]
    public async Task Items_OfManyThreads_AreEachTakenOnceAndByOneRoundAtATime()
    {
        var writer = new Writer();
        writer.Hold.TrySet(true);

        Parallel.For(0, 8, thread =>
        {
            foreach (var item in Enumerable.Range(thread * 1000, 1000))
            {
                writer.Add(item);
            }
        });
        await writer.Idle;

        writer.Rounds.SelectMany(items => items).Order().ShouldBe(Enumerable.Range(0, 8000));
        writer.MostAtOnce.ShouldBe(1);
    }

    private sealed class Writer : SingleWriterQueue<int>
    {
        private List<int> _batch = [];
        private int _atOnce;

        /// <summary>Set once the first round has begun.</summary>
        public Answer<bool> Entered { get; } = new();

        /// <summary>Lets rounds end.</summary>
        public Answer<bool> Hold { get; } = new();

        public Func<int, bool> Fails { get; init; } = _ => false;

        public List<List<int>> Rounds { get; } = [];

        public List<int> Failed { get; } = [];

        public List<string?> Traces { get; } = [];

        public int MostAtOnce { get; private set; }

        public bool Add(int item) => TryAdd(item);

        public bool Close() => TryClose();

        protected override async Task RunRoundAsync()
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
            _batch = Dequeue(_ => true);
            Rounds.Add(_batch);
            Traces.Add(Activity.Current?.Id);
            Entered.TrySet(true);
            await Hold.WaitAsync();
            Interlocked.Decrement(ref _atOnce);
            if (Fails(Rounds.Count))
            {
                throw new InvalidOperationException("a bug");
            }
        }

        protected override Task OnRoundFailedAsync(Exception error)
        {
            Failed.AddRange(_batch);
            return Task.CompletedTask;
        }
    }
}
