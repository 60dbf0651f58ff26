using Azure.Messaging.ServiceBus;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Runner.Tests.Broker;

/// <summary>A broker on a free port with a queue <c>activity</c>, and the real client on it.</summary>
internal sealed class BrokerHarness : IAsyncDisposable
{
    public const string Queue = "activity";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private BrokerHarness(ServiceBusBroker broker)
    {
        Broker = broker;
        Client = new ServiceBusClient(broker.ConnectionString, new ServiceBusClientOptions
        {
            RetryOptions = new ServiceBusRetryOptions { TryTimeout = Patience, MaxRetries = 0 },
        });
        Sender = Client.CreateSender(Queue);
        Receiver = Client.CreateReceiver(Queue);
    }

    public ServiceBusBroker Broker { get; }

    public ServiceBusClient Client { get; }

    public ServiceBusSender Sender { get; }

    public ServiceBusReceiver Receiver { get; }

    public QueueDepth Depth => Broker.Depth(Queue);

    public static Task<BrokerHarness> StartAsync(TimeProvider? time = null, string? folder = null) =>
        StartAsync(new QueueOptions(Queue), time, folder);

    public static Task<BrokerHarness> StartAsync(QueueOptions queue, TimeProvider? time = null, string? folder = null) =>
        StartAsync(new BrokerOptions { Queues = [queue], DataFolder = folder }, time);

    public static async Task<BrokerHarness> StartAsync(BrokerOptions options, TimeProvider? time = null) =>
        new(await ServiceBusBroker.StartAsync(options, time ?? TimeProvider.System, NullLoggerFactory.Instance));

    public ServiceBusReceiver DeadLetters() =>
        Client.CreateReceiver(Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    public Task SendAsync(string body, string? messageId = null) => Sender.SendMessageAsync(Message(body, messageId));

    public async Task<ServiceBusReceivedMessage> ReceiveAsync(ServiceBusReceiver? receiver = null) =>
        (await (receiver ?? Receiver).ReceiveMessageAsync(Patience)).ShouldNotBeNull();

    /// <summary>Receives and completes messages until the queue holds no more.</summary>
    public async Task<List<ServiceBusReceivedMessage>> DrainAsync()
    {
        var all = new List<ServiceBusReceivedMessage>();
        while (Depth.Active > 0)
        {
            var some = await Receiver.ReceiveMessagesAsync(100, Patience);
            some.ShouldNotBeEmpty();
            await Task.WhenAll(some.Select(message => Receiver.CompleteMessageAsync(message)));
            all.AddRange(some);
        }

        return all;
    }

    public static ServiceBusMessage Message(string body, string? messageId = null)
    {
        var message = new ServiceBusMessage(body);
        if (messageId is not null)
        {
            message.MessageId = messageId;
        }

        return message;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
