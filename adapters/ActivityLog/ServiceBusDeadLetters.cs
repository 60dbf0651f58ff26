using System.Globalization;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>The dead-letter queue beside the activity queue.</summary>
public sealed class ServiceBusDeadLetters(ServiceBusClient client, ServiceBusSender sender) : IDeadLetters
{
    /// <summary>The most messages that one replay takes; the next replay goes on from there.</summary>
    public const int Most = 1000;

    /// <summary>Stands between a request's id and what makes the message another one.</summary>
    private const char Mark = '~';

    private const int LongestId = 128;
    private const int PerReceive = 100;

    /// <summary>The longest wait for messages that are there already: the broker has them at once, or none.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public Task<IReadOnlyList<DeadLetter>> PeekAsync(long from, int limit, CancellationToken cancellation) => GuardAsync(async receiver =>
    {
        var found = new List<DeadLetter>();
        while (found.Count < limit)
        {
            // One peek gives as many as fit a frame, so an empty one alone is the end.
            var next = found.Count is 0 ? from : found[^1].Sequence + 1;
            var messages = await receiver.PeekMessagesAsync(limit - found.Count, next, cancellation).ConfigureAwait(false);
            if (messages.Count is 0)
            {
                break;
            }

            found.AddRange(messages.Select(Read));
        }

        return (IReadOnlyList<DeadLetter>)found;
    });

    public Task<int> ReplayAsync(string? id, CancellationToken cancellation) => GuardAsync(async receiver =>
    {
        var last = await LastAsync(receiver, cancellation).ConfigureAwait(false);
        var held = new List<ServiceBusReceivedMessage>();
        var sent = 0;
        try
        {
            while (sent + held.Count < Most && last is { } end)
            {
                var messages = await receiver.ReceiveMessagesAsync(PerReceive, Wait, cancellation).ConfigureAwait(false);
                if (messages.Count is 0)
                {
                    break;
                }

                // What was put aside after this began may be what was sent just now: it must not go round for ever.
                var wanted = messages.Where(message => message.SequenceNumber <= end && (id is null || IdOf(message) == id)).ToList();
                held.AddRange(messages.Except(wanted));
                await Task.WhenAll(wanted.Select(message => AgainAsync(receiver, message, cancellation))).ConfigureAwait(false);
                sent += wanted.Count;
                if (id is not null && wanted.Count > 0)
                {
                    break;
                }
            }
        }
        finally
        {
            await Task.WhenAll(held.Select(message => LetGoAsync(receiver, message))).ConfigureAwait(false);
        }

        return sent;
    });

    /// <summary>The running number of the newest that is there now.</summary>
    private static async Task<long?> LastAsync(ServiceBusReceiver receiver, CancellationToken cancellation)
    {
        long? last = null;
        for (var seen = 0; seen < Most;)
        {
            var messages = await receiver.PeekMessagesAsync(PerReceive, (last + 1) ?? 0, cancellation).ConfigureAwait(false);
            if (messages.Count is 0)
            {
                break;
            }

            (last, seen) = (messages[^1].SequenceNumber, seen + messages.Count);
        }

        return last;
    }

    private async Task AgainAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage dead, CancellationToken cancellation)
    {
        // Under its own id the broker would drop it for a repeat, as long as it remembers the first, and say that all
        // is well. The record within has the id that makes it one; this id is the same however often this dead letter
        // is sent.
        var again = new ServiceBusMessage(dead) { MessageId = Next(dead) };
        await sender.SendMessageAsync(again, cancellation).ConfigureAwait(false);
        await receiver.CompleteMessageAsync(dead, CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task LetGoAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage message)
    {
        try
        {
            await receiver.AbandonMessageAsync(message).ConfigureAwait(false);
        }
        catch (ServiceBusException)
        {
            // Its lock runs out by itself.
        }
    }

    private static string Next(ServiceBusReceivedMessage dead)
    {
        var mark = Mark + dead.SequenceNumber.ToString(CultureInfo.InvariantCulture);
        var id = IdOf(dead);
        return id[..Math.Min(id.Length, LongestId - mark.Length)] + mark;
    }

    private static string IdOf(ServiceBusReceivedMessage message) =>
        message.MessageId is not { } id ? "" : id.LastIndexOf(Mark) is >= 0 and var at && long.TryParse(id.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? id[..at] : id;

    private static DeadLetter Read(ServiceBusReceivedMessage message) => new(
        message.SequenceNumber, IdOf(message), message.DeadLetterReason, message.DeadLetterErrorDescription, message.EnqueuedTime, message.DeliveryCount);

    private async Task<T> GuardAsync<T>(Func<ServiceBusReceiver, Task<T>> run)
    {
        try
        {
            await using var receiver = client.CreateReceiver(sender.EntityPath, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
            return await run(receiver).ConfigureAwait(false);
        }
        catch (ServiceBusException outage)
        {
            throw new IOException($"The dead-letter queue does not answer: {outage.Reason}.", outage);
        }
        catch (AuthenticationFailedException outage)
        {
            throw new IOException("No token can be had for the dead-letter queue.", outage);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException("Access to the dead-letter queue is denied.", denied);
        }
    }
}
