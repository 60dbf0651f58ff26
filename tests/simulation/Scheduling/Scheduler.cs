using System.Globalization;

namespace Freeway.Tests.Simulation.Scheduling;

/// <summary>
/// Runs everything on one thread. What can happen next is picked by the seed; when nothing can, the clock jumps to the next
/// timer or answer. Two runs of one seed are the same run, step by step, and <see cref="Hash"/> says whether they were.
/// </summary>
public sealed class Scheduler(int seed)
{
    private const int KeptNotes = 400;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Step> _ready = [];
    private readonly PriorityQueue<Step, (long Ticks, long Order)> _later = new();
    private readonly Queue<string> _notes = new();
    private long _order;
    private ulong _hash = 14695981039346656037;

    /// <summary>The only source of chance of a run.</summary>
    public Random Chance { get; } = new(seed);

    /// <summary>How long the run has lasted, in virtual time.</summary>
    public TimeSpan Now { get; private set; }

    public long Steps { get; private set; }

    /// <summary>A fingerprint of everything that has happened so far.</summary>
    public string Hash => _hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>True once nothing of the run shall happen any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>What was noted last, oldest first.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    /// <summary>Every note as it is made; null where nobody follows.</summary>
    public Action<string>? Follow { get; set; }

    public bool Happens(double probability) => probability > 0 && Chance.NextDouble() < probability;

    /// <summary>A time between two, the shorter ones likelier.</summary>
    public TimeSpan Between(double fromMs, double toMs) =>
        TimeSpan.FromMilliseconds(fromMs + ((toMs - fromMs) * Math.Pow(Chance.NextDouble(), 3)));

    public void Enqueue(Step step)
    {
        // What the collector finalises after a run, or of a process that was killed, no longer counts.
        if (IsOver || step.Owner.IsDead)
        {
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("A step escaped to another thread: " + Environment.StackTrace);
        }

        _ready.Add(step);
    }

    /// <summary>Lets something happen in a process after some time.</summary>
    public void After(TimeSpan delay, SimProcess owner, Action run) =>
        _later.Enqueue(new Step(owner, run, IsEvent: true), ((Now + delay).Ticks, _order++));

    /// <summary>Adds to the trace, and to the fingerprint.</summary>
    public void Note(string who, string what)
    {
        Mix(who);
        Mix(what);
        var line = string.Create(CultureInfo.InvariantCulture, $"{Now.TotalSeconds,12:F6} {who,-10} {what}");
        _notes.Enqueue(line);
        if (_notes.Count > KeptNotes)
        {
            _notes.Dequeue();
        }

        Follow?.Invoke(line);
    }

    /// <summary>Goes on until something is the case or nothing can happen any more, at most until a moment.</summary>
    /// <returns>Whether it is the case.</returns>
    public bool RunUntil(Func<bool> done, TimeSpan until)
    {
        while (!done())
        {
            while (_later.TryPeek(out _, out var due) && due.Ticks <= Now.Ticks)
            {
                _ready.Add(_later.Dequeue());
            }

            if (_ready.Count is 0)
            {
                if (!_later.TryPeek(out _, out var next) || next.Ticks > until.Ticks)
                {
                    Now = until > Now ? until : Now;
                    return done();
                }

                Now = TimeSpan.FromTicks(next.Ticks);
                continue;
            }

            if (Now > until)
            {
                return done();
            }

            var index = Chance.Next(_ready.Count);
            var step = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            Run(step);
        }

        return true;
    }

    private void Run(in Step step)
    {
        if (step.Owner.IsDead)
        {
            return;
        }

        if (step.Owner.IsFrozen)
        {
            step.Owner.Hold(step);
            return;
        }

        Steps++;
        // No two steps happen at the same moment.
        Now += TimeSpan.FromTicks(1 + Chance.Next(200));
        _hash = (_hash ^ (ulong)Now.Ticks) * 1099511628211;
        SynchronizationContext.SetSynchronizationContext(step.IsEvent ? null : step.Owner);
        try
        {
            step.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private void Mix(string text)
    {
        foreach (var letter in text)
        {
            _hash = (_hash ^ letter) * 1099511628211;
        }
    }
}
