using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Tests.ActivityLog;

/// <summary>A message that remembers what was done with it.</summary>
internal sealed class ScriptedDelivery(string id, ReadOnlyMemory<byte> body) : IActivityDelivery
{
    private int _renewals;

    public ScriptedDelivery(ActivityRecord record)
        : this(record.Id, ActivityJson.Write(record))
    {
    }

    public string Id => id;

    public ReadOnlyMemory<byte> Body => body;

    /// <summary>True while the broker cannot be reached.</summary>
    public bool Deaf { get; init; }

    public bool Completed { get; private set; }

    public bool Returned { get; private set; }

    public (string Reason, string Description)? Refused { get; private set; }

    public int Renewals => _renewals;

    /// <summary>Whether it was settled in exactly one way.</summary>
    public bool SettledOnce => (Completed ? 1 : 0) + (Returned ? 1 : 0) + (Refused is null ? 0 : 1) is 1;

    public Task CompleteAsync(CancellationToken cancellation) => DoAsync(() => Completed = true, cancellation);

    public Task RefuseAsync(string reason, string description, CancellationToken cancellation) => DoAsync(() => Refused = (reason, description), cancellation);

    public Task RenewAsync(CancellationToken cancellation) => DoAsync(() => Interlocked.Increment(ref _renewals), cancellation);

    public Task ReturnAsync(CancellationToken cancellation) => DoAsync(() => Returned = true, cancellation);

    private Task DoAsync(Action deed, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellation);
        }

        if (Deaf)
        {
            return Task.FromException(new IOException("The broker is out of reach."));
        }

        deed();
        return Task.CompletedTask;
    }
}
