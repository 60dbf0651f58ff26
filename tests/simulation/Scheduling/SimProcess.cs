namespace Freeway.Tests.Simulation.Scheduling;

/// <summary>
/// A simulated process: all continuations of the code in it are posted here and run when the scheduler says so. It can be
/// killed and frozen between any two steps.
/// </summary>
public sealed class SimProcess(Scheduler scheduler, string name) : SynchronizationContext
{
    private readonly List<Step> _held = [];

    public string Name => name;

    public bool IsDead { get; private set; }

    public bool IsFrozen { get; private set; }

    public override void Post(SendOrPostCallback d, object? state) => scheduler.Enqueue(new Step(this, () => d(state), IsEvent: false));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new InvalidOperationException("Nothing in the domain may block on another step.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts work in the process as a step of its own.</summary>
    public void Start(Func<Task> work, Action<Exception?> ended) => scheduler.Enqueue(new Step(
        this,
        () => _ = ObserveAsync(work, ended),
        IsEvent: false));

    /// <summary>Ends it in the middle of whatever it does: nothing of it runs any more.</summary>
    public void Kill()
    {
        IsDead = true;
        _held.Clear();
    }

    public void Freeze() => IsFrozen = true;

    /// <summary>Goes on with everything that would have happened meanwhile.</summary>
    public void Thaw()
    {
        IsFrozen = false;
        foreach (var step in _held)
        {
            scheduler.Enqueue(step);
        }

        _held.Clear();
    }

    internal void Hold(Step step) => _held.Add(step);

    private static async Task ObserveAsync(Func<Task> work, Action<Exception?> ended)
    {
        try
        {
            await work();
        }
        catch (Exception error)
        {
            ended(error);
            return;
        }

        ended(null);
    }
}
