using System.Text;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>The way of a record through the queue: once, whatever is delivered twice, cannot be read, or finds storage down.</summary>
public sealed class ActivityQueueTests
{
    [Fact]
    public async Task Message_ThatIsNoRecord_IsDeadLetteredWithReasonAndHoldsUpNoOther()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var client = new ServiceBusClient(gateway.Host.Broker!.ConnectionString);
        await using var sender = client.CreateSender("activity");

        await sender.SendMessagesAsync([
            new ServiceBusMessage("no record") { MessageId = "bad-1" },
            Message(ActivitySamples.Record(1, TestGateway.Noon, "demo")),
            new ServiceBusMessage("""{"id":"r9"}""") { MessageId = "bad-2" },
        ]);

        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        await using var dead = client.CreateReceiver("activity", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var refused = new List<ServiceBusReceivedMessage>();
        while (refused.Count < 2)
        {
            refused.AddRange(await dead.ReceiveMessagesAsync(2, TimeSpan.FromSeconds(20)));
        }

        refused.Select(message => message.MessageId).Order().ShouldBe(["bad-1", "bad-2"]);
        refused.ShouldAllBe(message => message.DeadLetterReason == "UnreadableRecord" && message.DeadLetterErrorDescription.Length > 0);
    }

    [Fact]
    public async Task Message_WhileStorageIsDown_IsHeldAndWrittenOnceWhenItIsBack()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        await using var client = new ServiceBusClient(gateway.Host.Broker!.ConnectionString);
        await using var sender = client.CreateSender("activity");
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        storage.Seen = request =>
        {
            // The table may have to be created first.
            if (storage.Down && (request.Uri.Path.Contains("activity", StringComparison.Ordinal) || request.Uri.Path.EndsWith("/Tables", StringComparison.Ordinal)))
            {
                tried.TrySetResult();
            }
        };

        storage.Down = true;
        await sender.SendMessagesAsync(Enumerable.Range(1, 20).Select(i => Message(ActivitySamples.Record(i, TestGateway.Noon, "demo"))));
        await tried.Task.WaitAsync(TimeSpan.FromSeconds(30));
        storage.Down = false;

        (await gateway.ActivityAsync(20)).Count.ShouldBe(20);
        var sums = await gateway.Host.Services.GetRequiredService<IActivityStore>().SumsAsync("demo", DateOnly.FromDateTime(TestGateway.Noon.UtcDateTime), default);
        sums.Sum(sum => sum.Requests).ShouldBe(20);
        await using var dead = client.CreateReceiver("activity", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        (await dead.PeekMessageAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Message_DeliveredTwice_CountsOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var client = new ServiceBusClient(gateway.Host.Broker!.ConnectionString);
        await using var sender = client.CreateSender("activity");
        var record = ActivitySamples.Record(1, TestGateway.Noon, "demo");

        // Another MessageId, so that the broker's own duplicate detection does not help.
        await sender.SendMessageAsync(Message(record));
        await sender.SendMessageAsync(new ServiceBusMessage(ActivityJson.Write(record)) { MessageId = "again" });
        await sender.SendMessageAsync(Message(ActivitySamples.Record(2, TestGateway.Noon.AddSeconds(1), "demo")));

        await Eventually.TrueAsync(() => Task.FromResult(gateway.Host.Broker!.Depth("activity") is { Active: 0, Locked: 0 }));
        (await gateway.ActivityAsync(2)).Count.ShouldBe(2);
        var rows = await gateway.Table(names => names.Activity).QueryAsync<TableEntity>().ToListAsync();
        rows.Where(row => row.RowKey.StartsWith("usage|", StringComparison.Ordinal)).Sum(row => row.GetInt64("Requests")).ShouldBe(2);
    }

    [Fact]
    public async Task Record_OfAFreeChat_IsALegibleRowWithoutPromptOrSecret()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var response = await gateway.ChatAsync("demo/echo:free", "the-secret-prompt");
        await response.Content.ReadAsStringAsync();
        await gateway.ActivityAsync(1);

        var rows = await gateway.Table(names => names.Activity).QueryAsync<TableEntity>().ToListAsync();

        var record = rows.Single(row => row.RowKey.StartsWith("record|", StringComparison.Ordinal));
        record.PartitionKey.ShouldBe("demo|2026-05");
        record.GetString("Tier").ShouldBe("free");
        record.GetInt64("CostNanos").ShouldBe(0);
        record.GetString("Id").ShouldBe(response.Header("x-request-id"));
        var text = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(record.ToDictionary(column => column.Key, column => column.Value?.ToString())));
        text.ShouldNotContain("the-secret-prompt");
        text.ShouldNotContain(gateway.Host.ApiKey!);
    }

    private static ServiceBusMessage Message(ActivityRecord record) => new(ActivityJson.Write(record)) { MessageId = record.Id };
}
