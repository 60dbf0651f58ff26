using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Tests.Shared;
using static Freeway.Runner.Tests.Broker.BrokerHarness;

namespace Freeway.Runner.Tests.Broker;

public sealed class DuplicateDetectionTests
{
    [Fact]
    public async Task Message_SentTwice_IsKeptOnce()
    {
        await using var harness = await StartAsync();

        await harness.SendAsync("first", "same");
        await harness.SendAsync("second", "same");

        (await harness.DrainAsync()).ShouldHaveSingleItem().Body.ToString().ShouldBe("first");
    }

    [Fact]
    public async Task Message_SentAgainAfterItWasCompleted_IsStillADuplicate()
    {
        await using var harness = await StartAsync();
        await harness.SendAsync("first", "same");
        await harness.DrainAsync();

        await harness.SendAsync("second", "same");

        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task Batch_WithOneIdTwice_KeepsTheFirst()
    {
        await using var harness = await StartAsync();

        await harness.Sender.SendMessagesAsync([Message("a", "1"), Message("b", "1"), Message("c", "2")]);

        (await harness.DrainAsync()).Select(message => message.Body.ToString()).ShouldBe(["a", "c"]);
    }

    [Fact]
    public async Task Message_SentAgainAfterTheWindow_IsKept()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        await harness.SendAsync("first", "same");
        time.Advance(TimeSpan.FromMinutes(9));
        await harness.SendAsync("second", "same");
        harness.Depth.Active.ShouldBe(1);
        time.Advance(TimeSpan.FromMinutes(1));

        await harness.SendAsync("third", "same");

        harness.Depth.Active.ShouldBe(2);
    }

    [Fact]
    public async Task Message_SentTwiceWithDetectionOff_IsKeptTwice()
    {
        await using var harness = await StartAsync(new QueueOptions(Queue) { DuplicateDetectionWindow = null });

        await harness.SendAsync("first", "same");
        await harness.SendAsync("second", "same");

        harness.Depth.Active.ShouldBe(2);
    }
}
