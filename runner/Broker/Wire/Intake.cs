using Freeway.Runner.Broker.Messages;
using Freeway.Runner.Broker.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Broker.Wire;

/// <summary>A client's sender at our end: a message is answered when the queue has it safe.</summary>
internal sealed class Intake(BrokerQueue queue, TimeProvider time, ILogger logger)
{
    private static readonly AmqpSymbol ServerBusy = "com.microsoft:server-busy";

    public void Attach(ReceivingAmqpLink link) =>
        link.RegisterMessageListener(message => _ = TakeInAsync(link, message));

    private async Task TakeInAsync(ReceivingAmqpLink link, AmqpMessage message)
    {
        var outcome = await AcceptAsync(message).ConfigureAwait(false);
        if (outcome is Rejected { Error: { } error })
        {
            QueueLog.MessageRefused(logger, queue.Options.Name, error.Description);
        }

        try
        {
            link.DisposeMessage(message, outcome, settled: true, batchable: false);
        }
        catch (AmqpException)
        {
            // The sender has gone; it will send again, and the MessageId tells.
        }

        message.Dispose();
    }

    private async Task<Outcome> AcceptAsync(AmqpMessage message)
    {
        try
        {
            if (message.State is TransactionalState)
            {
                throw BrokerErrors.NotImplemented("This broker has no transactions.");
            }

            var now = time.GetUtcNow();
            await queue.AcceptAsync([.. Split(message).Select(content => MessageContent.Read(content, now))])
                .ConfigureAwait(false);
            return AmqpConstants.AcceptedOutcome;
        }
        catch (AmqpException exception)
        {
            return new Rejected { Error = exception.Error };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            return BrokerErrors.Rejection(ServerBusy, exception.Message);
        }
        catch (Exception exception)
        {
            // A sender must never be left waiting for an answer.
            return BrokerErrors.Rejection(AmqpErrorCode.InternalError, exception.Message);
        }
    }

    /// <summary>A batch is one message whose data sections are whole messages.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Split(AmqpMessage message)
    {
        if (message.MessageFormat != AmqpConstants.AmqpBatchedMessageFormat)
        {
            return [MessageContent.Bytes(message)];
        }

        message.Deserialize(SectionFlag.All);
        return [.. message.DataBody.Select(data => ((ArraySegment<byte>)data.Value).AsMemory().ToArray())];
    }
}
