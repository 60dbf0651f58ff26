using System.Diagnostics.CodeAnalysis;
using Freeway.Runner.Broker.Messages;

namespace Freeway.Runner.Broker.Queues;

/// <summary>
/// The messages of a queue that receivers own, by lock token and in the order in which their locks end: all locks of a
/// queue last equally long, so that the one held last ends last.
/// </summary>
internal sealed class MessageLocks(TimeSpan duration, LockTokens tokens)
{
    private readonly Dictionary<Guid, StoredMessage> _byToken = [];
    private readonly LinkedList<StoredMessage> _byExpiry = new();

    public DateTimeOffset? NextExpiry => _byExpiry.First?.Value.LockedUntil;

    /// <summary>Finds a message whose lock still holds.</summary>
    public bool TryFind(Guid token, DateTimeOffset now, [NotNullWhen(true)] out StoredMessage? message) =>
        _byToken.TryGetValue(token, out message) && message.LockedUntil > now;

    /// <summary>Locks a message under a new token.</summary>
    public void Begin(StoredMessage message, DateTimeOffset now)
    {
        message.LockToken = tokens.Next();
        _byToken.Add(message.LockToken, message);
        Hold(message, now);
    }

    /// <summary>Lets a lock last from now on.</summary>
    public void Hold(StoredMessage message, DateTimeOffset now)
    {
        message.LockedUntil = now + duration;
        if (message.LockedPlace is { } place)
        {
            _byExpiry.Remove(place);
        }

        message.LockedPlace = _byExpiry.AddLast(message);
    }

    public void End(StoredMessage message)
    {
        _byToken.Remove(message.LockToken);
        _byExpiry.Remove(message.LockedPlace!);
        message.LockedPlace = null;
    }

    /// <summary>Ends one lock that its receiver let run out, and returns false where there is none.</summary>
    public bool TryEndNext(DateTimeOffset now, [NotNullWhen(true)] out StoredMessage? message)
    {
        message = _byExpiry.First?.Value;
        if (message is null || message.LockedUntil > now)
        {
            return false;
        }

        End(message);
        return true;
    }
}
