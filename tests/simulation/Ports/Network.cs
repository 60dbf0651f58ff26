using Freeway.Tests.Simulation.Scheduling;
using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>
/// What lies between the processes and the services: requests and answers take time and get lost. A request that was sent
/// is carried out whatever becomes of its sender.
/// </summary>
public sealed class Network(Scheduler scheduler, SimProcess services)
{
    private static readonly TimeSpan GivesUp = TimeSpan.FromSeconds(3);

    public FaultPlan Faults { get; set; } = FaultPlan.None;

    /// <summary>The processes that have their tables embedded, with those.</summary>
    public Dictionary<SimProcess, EmbeddedTables> Embedded { get; } = [];

    public bool StorageIsDown { get; set; }

    public bool StorageIsSlow { get; set; }

    public bool BrokerIsDown { get; set; }

    /// <summary>Called when a process has sent a transaction.</summary>
    public Action<SimProcess>? Sent { get; set; }

    /// <summary>Requests that are still on their way, their senders having given them up.</summary>
    public int Underway { get; private set; }

    /// <summary>Answers that were lost, and requests that were carried out late.</summary>
    public long Lost { get; private set; }

    /// <summary>A call of the storage.</summary>
    /// <exception cref="IOException">No answer came, or the service was busy.</exception>
    public Task<T> ToStorageAsync<T>(SimProcess caller, string what, Func<T> execute) =>
        Embedded.TryGetValue(caller, out var tables)
            ? tables.ReadAsync(what, execute)
            : CallAsync(caller, what, execute, StorageIsDown, StorageIsSlow);

    /// <summary>A call of the storage that changes something.</summary>
    /// <inheritdoc cref="ToStorageAsync{T}"/>
    public Task<T> WriteAsync<T>(SimProcess caller, string what, Func<T> execute) =>
        Embedded.TryGetValue(caller, out var tables)
            ? tables.WriteAsync(what, execute)
            : CallAsync(caller, what, execute, StorageIsDown, StorageIsSlow);

    /// <summary>A call of a table that is kept in memory.</summary>
    /// <param name="cancellation">Ends the wait, not the call.</param>
    /// <inheritdoc cref="ToStorageAsync{T}"/>
    public Task<T> ToTableAsync<T>(SimProcess caller, string what, Func<Task<T>> call, CancellationToken cancellation) =>
        ToStorageAsync(caller, what, () => call().GetAwaiter().GetResult()).WaitAsync(cancellation);

    /// <summary>A call that changes a table that is kept in memory.</summary>
    /// <inheritdoc cref="ToTableAsync{T}"/>
    public Task<T> WriteTableAsync<T>(SimProcess caller, string what, Func<Task<T>> call, CancellationToken cancellation) =>
        WriteAsync(caller, what, () => call().GetAwaiter().GetResult()).WaitAsync(cancellation);

    /// <summary>A call of the broker.</summary>
    /// <inheritdoc cref="ToStorageAsync{T}"/>
    public Task<T> ToBrokerAsync<T>(SimProcess caller, string what, Func<T> execute) =>
        CallAsync(caller, what, execute, BrokerIsDown, slow: false);

    private Task<T> CallAsync<T>(SimProcess caller, string what, Func<T> execute, bool down, bool slow)
    {
        var answer = new TaskCompletionSource<T>();
        var way = slow ? scheduler.Between(300, 2200) : scheduler.Between(0.3, 20);
        var draw = scheduler.Chance.NextDouble();
        var faults = Faults;
        if (down || (draw -= faults.NeverSent) < 0)
        {
            // A connection that is refused fails at once, and its sender knows that nothing left; a hanging one when its sender gives up.
            if (scheduler.Happens(0.5))
            {
                Fail(caller, what, answer, way, "refused", new NeverSentException(what));
            }
            else
            {
                Fail(caller, what, answer, GivesUp, "never sent");
            }
        }
        else if ((draw -= faults.Busy) < 0)
        {
            Fail(caller, what, answer, way, "busy");
        }
        else if ((draw -= faults.Late) < 0)
        {
            Lost++;
            Underway++;
            Carry(what, Arrive, TimeSpan.FromTicks((long)(faults.Latest.Ticks * scheduler.Chance.NextDouble())), null);
            Fail(caller, what, answer, GivesUp, "late");
        }
        else if (draw - faults.AnswerLost < 0)
        {
            Lost++;
            Carry(what, execute, way, null);
            Fail(caller, what, answer, scheduler.Happens(0.5) ? way * 2 : GivesUp, "answer lost");
        }
        else
        {
            Carry(what, execute, way, result => scheduler.After(scheduler.Between(0.3, 10), caller, () => result(answer)));
        }

        return answer.Task;

        T Arrive()
        {
            Underway--;
            return execute();
        }
    }

    private void Carry<T>(string what, Func<T> execute, TimeSpan way, Action<Action<TaskCompletionSource<T>>>? answered) =>
        scheduler.After(way, services, () =>
        {
            try
            {
                var result = execute();
                scheduler.Note(services.Name, what);
                answered?.Invoke(source => source.TrySetResult(result));
            }
            catch (IOException refused)
            {
                answered?.Invoke(source => source.TrySetException(refused));
            }
        });

    private void Fail<T>(SimProcess caller, string what, TaskCompletionSource<T> answer, TimeSpan when, string why, IOException? error = null) =>
        scheduler.After(when, caller, () =>
        {
            scheduler.Note(caller.Name, $"{what} failed: {why}");
            answer.TrySetException(error ?? new IOException($"{what}: {why}"));
        });
}

/// <summary>The service was not there: nothing was sent to it.</summary>
public sealed class NeverSentException(string what) : IOException($"{what}: refused");
