using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Tests.Hosting.Samples;

public static class QueueSamples
{
    public sealed class Batch(Notebook notebook)
    {
        [Function("Batch")]
        public void Run([ServiceBusTrigger("%Queue%", Connection = "Bus", IsBatched = true)] ServiceBusReceivedMessage[] messages)
        {
            notebook.FailIfAsked();
            notebook.Write($"{messages.Length}: {string.Join(' ', messages.Select(message => message.Body))}");
        }
    }

    public sealed class Single(Notebook notebook)
    {
        [Function("Single")]
        public async Task Run([ServiceBusTrigger("%Queue%", Connection = "Bus")] string text, FunctionContext context)
        {
            await Task.Yield();
            notebook.FailIfAsked();
            notebook.Write(text);
        }
    }

    public sealed class Held(Notebook notebook)
    {
        [Function("Held")]
        public async Task Run([ServiceBusTrigger("%Queue%", Connection = "Bus")] ServiceBusReceivedMessage message)
        {
            notebook.Message = message;
            notebook.Write($"{message.Body} {message.DeliveryCount}");
            await notebook.HeldAsync();
        }
    }

    public sealed class Manual(Notebook notebook)
    {
        [Function("Manual")]
        public async Task Run(
            [ServiceBusTrigger("%Queue%", Connection = "Bus", IsBatched = true, AutoCompleteMessages = false)] ServiceBusReceivedMessage[] messages,
            ServiceBusMessageActions actions, CancellationToken cancellation)
        {
            foreach (var message in messages)
            {
                if (message.Body.ToString() == "poison")
                {
                    await actions.DeadLetterMessageAsync(message, null, "unreadable", "a sample's reason", cancellation);
                }
                else if (message.DeliveryCount == 1)
                {
                    await actions.AbandonMessageAsync(message, null, cancellation);
                }
                else
                {
                    await actions.CompleteMessageAsync(message, cancellation);
                }

                notebook.Write($"{message.Body} {message.DeliveryCount}");
            }
        }
    }
}
