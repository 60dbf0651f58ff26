namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// One message off the queue, locked for us until it is settled or the lock (a minute) runs out; then it comes again.
/// All methods throw <see cref="IOException"/> where the broker is out of reach or the lock is lost.
/// </summary>
public interface IActivityDelivery
{
    /// <summary>The request's id, unless the message is not ours.</summary>
    string Id { get; }

    ReadOnlyMemory<byte> Body { get; }

    /// <summary>Its record is in the table: the broker forgets the message.</summary>
    Task CompleteAsync(CancellationToken cancellation);

    /// <summary>It can never be written: the broker puts it aside for a person, with the reason.</summary>
    /// <param name="reason">A name, for rules.</param>
    /// <param name="description">A sentence, for people; never a prompt or a secret.</param>
    Task RefuseAsync(string reason, string description, CancellationToken cancellation);

    /// <summary>Starts the lock's time anew.</summary>
    Task RenewAsync(CancellationToken cancellation);

    /// <summary>It could not be written now: the broker delivers it again, ten times at most.</summary>
    Task ReturnAsync(CancellationToken cancellation);
}
