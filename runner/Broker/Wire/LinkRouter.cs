using System.Collections.Frozen;
using Freeway.Runner.Broker.Messages;
using Freeway.Runner.Broker.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transport;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Broker.Wire;

/// <summary>Leads each link that a client attaches to the node that its address names.</summary>
internal sealed class LinkRouter(
    FrozenDictionary<string, BrokerQueue> queues, long maxMessageBytes, TimeProvider time, ILogger logger)
    : IRuntimeProvider
{
    private static readonly AmqpSymbol SessionFilter = "com.microsoft:session-filter";

    public AmqpConnection CreateConnection(
        TransportBase transport,
        ProtocolHeader protocolHeader,
        bool isInitiator,
        AmqpSettings amqpSettings,
        AmqpConnectionSettings connectionSettings) =>
        new BrokerConnection(transport, protocolHeader, amqpSettings, connectionSettings);

    public AmqpSession CreateSession(AmqpConnection connection, AmqpSessionSettings settings) =>
        new(connection, settings, this);

    public AmqpLink CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        if (settings.Role != true)
        {
            return new SendingAmqpLink(session, settings);
        }

        settings.MaxMessageSize = (ulong)maxMessageBytes;
        return new ReceivingAmqpLink(session, settings);
    }

    /// <summary>
    /// Opens a link. The client gets the message of an exception as the reason why its link is refused.
    /// </summary>
    public IAsyncResult BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state)
    {
        switch (link)
        {
            case ReceivingAmqpLink receiving:
                OpenForSender(receiving);
                break;
            case SendingAmqpLink sending:
                OpenForReceiver(sending);
                break;
            default:
                throw BrokerErrors.NotImplemented("This broker knows senders and receivers only.");
        }

        return TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);
    }

    public void EndOpenLink(IAsyncResult result) => TaskToAsyncResult.End(result);

    private static ReplyRoutes RepliesOf(AmqpLink link) => ((BrokerConnection)link.Session.Connection).Replies;

    private void OpenForSender(ReceivingAmqpLink link)
    {
        if (link.Settings.Target is not Target target)
        {
            throw BrokerErrors.NotImplemented("This broker has no transactions.");
        }

        if (IsTokenDesk(target.Address))
        {
            new CbsNode(RepliesOf(link)).Attach(link);
            return;
        }

        var (queue, address) = Find(target.Address);
        if (address.IsManagement)
        {
            new ManagementNode(queue, address.Lane, RepliesOf(link)).Attach(link);
        }
        else if (address.Lane == Lane.DeadLetter)
        {
            throw BrokerErrors.NotAllowed("Messages get into the dead-letter queue by being dead-lettered only.");
        }
        else
        {
            new Intake(queue, time, logger).Attach(link);
        }
    }

    private void OpenForReceiver(SendingAmqpLink link)
    {
        var source = (Source)link.Settings.Source;
        if (IsTokenDesk(source.Address))
        {
            RepliesOf(link).Add(link);
            return;
        }

        var (queue, address) = Find(source.Address);
        if (address.IsManagement)
        {
            RepliesOf(link).Add(link);
        }
        else if (source.FilterSet?.Any(filter => filter.Key.Equals(new MapKey(SessionFilter))) == true)
        {
            throw BrokerErrors.NotAllowed($"The queue {address.Queue} has no sessions.");
        }
        else
        {
            LinkFeed.Attach(queue, address.Lane, link);
        }
    }

    private static bool IsTokenDesk(Address? address) =>
        string.Equals(address?.ToString(), CbsConstants.CbsAddress, StringComparison.OrdinalIgnoreCase);

    private (BrokerQueue Queue, EntityAddress Address) Find(Address? written)
    {
        var address = EntityAddress.Parse(written);
        return queues.TryGetValue(address.Queue, out var queue)
            ? (queue, address)
            : throw BrokerErrors.UnknownEntity(written?.ToString() ?? "");
    }
}

/// <summary>One client's connection, and where it awaits answers.</summary>
internal sealed class BrokerConnection(
    TransportBase transport, ProtocolHeader header, AmqpSettings settings, AmqpConnectionSettings connectionSettings)
    : AmqpConnection(transport, header, isInitiator: false, settings, connectionSettings)
{
    public ReplyRoutes Replies { get; } = new();
}

/// <summary>
/// Represents the address of a link: <c>queue</c> or <c>queue/$deadletterqueue</c>, each with <c>/$management</c> or
/// without.
/// </summary>
internal readonly record struct EntityAddress(string Queue, Lane Lane, bool IsManagement)
{
    private const string DeadLetters = "$deadletterqueue";
    private const string Management = "$management";

    public static EntityAddress Parse(Address? address)
    {
        var path = Uri.UnescapeDataString(address?.ToString() ?? "").Trim('/');
        var isManagement = Cut(ref path, Management);
        var lane = Cut(ref path, DeadLetters) ? Lane.DeadLetter : Lane.Main;
        return new EntityAddress(path, lane, isManagement);
    }

    private static bool Cut(ref string path, string ending)
    {
        if (!path.EndsWith('/' + ending, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        path = path[..^(ending.Length + 1)];
        return true;
    }
}

/// <summary>
/// The token desk, <c>$cbs</c>. The broker listens on the loopback interface only and takes every token, as the
/// vendor's emulator has but one well-known key.
/// </summary>
internal sealed class CbsNode(ReplyRoutes replies)
{
    private const int Accepted = 202;

    public void Attach(ReceivingAmqpLink link) => link.RegisterMessageListener(request =>
    {
        link.AcceptMessage(request, settled: true, batchable: false);
        var answer = AmqpMessage.Create(new AmqpValue { Value = "" });
        answer.ApplicationProperties = new ApplicationProperties();
        answer.ApplicationProperties.Map[CbsConstants.PutToken.StatusCode] = Accepted;
        answer.ApplicationProperties.Map[CbsConstants.PutToken.StatusDescription] = "Accepted";
        replies.Send(request, answer);
        request.Dispose();
    });
}
