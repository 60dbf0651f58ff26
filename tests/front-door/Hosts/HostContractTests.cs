using System.Net;
using System.Net.Http.Headers;
using Azure.Messaging.ServiceBus;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Hosts;

/// <summary>
/// What every host of the functions must do, seen from outside. These tests run on the host in this process and, in
/// <c>tests/worker</c>, on the real worker.
/// </summary>
public sealed class HostContractTests
{
    private const string Slug = "demo/echo:free";

    [Fact]
    public async Task FreeRequests_OfADay_TenAreAdmittedHoweverManyComeAtOnce()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
        {
            using var response = await gateway.ChatAsync(Slug);
            await response.Content.ReadAsStringAsync();
            return response.StatusCode;
        }));

        answers.Count(status => status is HttpStatusCode.OK).ShouldBe(10);
        answers.Count(status => status is HttpStatusCode.TooManyRequests).ShouldBe(20);
        (await gateway.ActivityAsync(10)).Count.ShouldBe(10);
        gateway.Upstream.Received.ShouldBe(10);
    }

    [Fact]
    public async Task Stream_HeldByTheUpstream_ShowsWhatCameBefore()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = 2, Text = "one two three" });
        using var response = await gateway.ChatAsync(Slug, stream: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        await gate.ArrivalAsync();
        var before = await ReadUntilAsync(reader, "two");
        gate.Open();
        var rest = await reader.ReadToEndAsync();

        before.ShouldNotContain("three");
        rest.ShouldContain("three");
        rest.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Caller_ThatLeavesInMidStream_EndsTheUpstreamsAnswerAndIsRecorded()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = 1, Text = "one two three" });
        using (var response = await gateway.ChatAsync(Slug, stream: true))
        {
            await gate.ArrivalAsync();
        }

        await Eventually.TrueAsync(() => Task.FromResult(gateway.Upstream.ClientsGone is 1));

        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("error_code").GetString().ShouldBe("caller_gone");
        gate.Open();
    }

    [Fact]
    public async Task Stream_ThatTheUpstreamBreaks_IsBrokenForTheCallerToo()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { DropAfter = 2, Words = 9 });
        using var response = await gateway.ChatAsync(Slug, stream: true);
        using var seen = new MemoryStream();

        await Should.ThrowAsync<IOException>(
            async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(seen));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = System.Text.Encoding.UTF8.GetString(seen.ToArray());
        text.ShouldContain("\"finish_reason\":\"error\"");
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task Timer_OrderedByTheOperator_HasRunWhenItIsAnswered()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Client(gateway.Host.AdminKey!);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Host.Url, "admin/functions/DailyReset"))
        {
            Headers = { { "x-functions-key", gateway.Host.AdminKey } },
        };
        using var plain = new HttpMessageInvoker(new SocketsHttpHandler());

        using var ordered = await plain.SendAsync(request, CancellationToken.None);

        ordered.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var resets = await gateway.GetAsync("api/v1/admin/resets", admin);
        resets.GetProperty("data").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Timer_OrderedWithoutTheMasterKey_DoesNotRun()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Host.Url, "admin/functions/DailyReset"));
        using var plain = new HttpMessageInvoker(new SocketsHttpHandler());

        using var ordered = await plain.SendAsync(request, CancellationToken.None);

        ordered.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Message_ThatIsNoRecord_IsDeadLetteredWithItsReasonBesideOnesThatAreTaken()
    {
        await using var gateway = await TestGateway.StartAsync();
        using (var response = await gateway.ChatAsync(Slug))
        {
            await response.Content.ReadAsStringAsync();
        }

        await using var client = new ServiceBusClient(gateway.Host.Broker!.ConnectionString);
        await using var sender = client.CreateSender("activity");
        await sender.SendMessageAsync(new ServiceBusMessage("no record") { MessageId = "bad-1" });

        await using var dead = client.CreateReceiver("activity", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var refused = await dead.ReceiveMessageAsync(TimeSpan.FromSeconds(20));
        refused.MessageId.ShouldBe("bad-1");
        refused.DeadLetterReason.ShouldBe("UnreadableRecord");
        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        await Eventually.TrueAsync(() => Task.FromResult(gateway.Host.Broker!.Depth("activity") is { Active: 0, Locked: 0 }));
    }

    [Fact]
    public async Task Key_InTheHeaderOfTheOtherApi_IsTaken()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var nobody = gateway.Client(null);
        nobody.DefaultRequestHeaders.Add("x-api-key", gateway.ApiKey);

        using var response = await nobody.GetAsync("api/v1/key");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The id that joins a request with its invocation is the host's own affair.</summary>
    [Fact]
    public async Task InvocationId_OfTheCallersOwn_DoesNotDisturb()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync(
            """{"model":"demo/echo:free","messages":[{"role":"user","content":"hello"}]}""",
            headers: ("x-ms-invocation-id", "the caller's own"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Answer_WithALength_KeepsItAndComesAsItWasWritten()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.GetAsync("health/live");

        response.Content.Headers.ContentType.ShouldBe(MediaTypeHeaderValue.Parse("application/json; charset=utf-8"));
        var body = await response.Content.ReadAsByteArrayAsync();
        response.Content.Headers.ContentLength.ShouldBe(body.Length);
    }

    private static async Task<string> ReadUntilAsync(StreamReader reader, string end)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (seen, buffer) = (new System.Text.StringBuilder(), new char[1024]);
        while (!seen.ToString().Contains(end, StringComparison.Ordinal))
        {
            var read = await reader.ReadAsync(buffer, limit.Token);
            read.ShouldBePositive("the stream ended early");
            seen.Append(buffer, 0, read);
        }

        return seen.ToString();
    }
}
