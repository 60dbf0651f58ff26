using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Azure.Core.Pipeline;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.FrontDoor.Tests;

/// <summary>Storage and the broker out of reach: nothing passes unmetered, nothing is lost.</summary>
public sealed class OutageTests
{
    [Theory]
    [InlineData("demo/echo:free")]
    [InlineData("demo/echo")]
    public async Task Storage_OutOfReach_RefusesWithNothingSentOrTaken(string slug)
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(
            settings: new Dictionary<string, string?> { ["Freeway:Ledger:ReserveDeadline"] = "00:00:01" },
            services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        await gateway.SpendAsync("demo/echo:free", times: 1);
        await gateway.ActivityAsync(1);
        var received = gateway.Upstream.Received;

        storage.Down = true;
        for (var i = 0; i < 3; i++)
        {
            using var refused = await gateway.ChatAsync(slug);
            (await refused.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("quota_unavailable");
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        gateway.Upstream.Received.ShouldBe(received);
        storage.Down = false;
        // What a second was too short for took nothing either, or the tenth would be refused.
        for (var i = 0; i < 9; i++)
        {
            var status = await Eventually.GetAsync(
                async () =>
                {
                    using var answer = await gateway.ChatAsync("demo/echo:free");
                    return answer.StatusCode;
                },
                seen => seen is not HttpStatusCode.ServiceUnavailable);
            status.ShouldBe(HttpStatusCode.OK);
        }

        using var eleventh = await gateway.ChatAsync("demo/echo:free");
        eleventh.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await gateway.ActivityAsync(10)).Count.ShouldBe(10);
    }

    /// <summary>Each try to look the key up in storage that hangs held the refusal back for five seconds: R6.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Storage_ThatHangs_RefusesOnceTheTimeToWaitIsOver(bool keyIsKnown)
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(
            settings: new Dictionary<string, string?> { ["Freeway:Ledger:ReserveDeadline"] = "00:00:02" },
            services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        await gateway.SpendAsync("demo/echo:free", times: 1);
        using var caller = keyIsKnown ? gateway.Client(gateway.Host.ApiKey) : gateway.Client(await gateway.NewKeyAsync("stranger"));

        storage.Hung = true;
        var began = TimeProvider.System.GetTimestamp();
        using var refused = await gateway.ChatAsync("demo/echo:free", client: caller);
        var waited = TimeProvider.System.GetElapsedTime(began);
        storage.Hung = false;

        var error = await refused.ErrorAsync(HttpStatusCode.ServiceUnavailable);
        error.GetProperty("code").GetString().ShouldBe(keyIsKnown ? "outcome_unknown" : "quota_unavailable");
        waited.ShouldBeLessThan(TimeSpan.FromSeconds(5), "two seconds are what it may wait for storage, over all its stages");
    }

    /// <summary>Lists said that usage could not be counted, or that a change may have been made: R6.</summary>
    [Fact]
    public async Task Storage_OutOfReach_IsToldToWhoReadsInWordsForReaders()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        using var admin = gateway.Client(gateway.Host.AdminKey);
        using var stranger = gateway.Client(await gateway.NewKeyAsync("stranger"));
        await gateway.GetAsync("api/v1/key");
        using (var warm = await admin.GetAsync("api/v1/admin/orgs"))
        {
            warm.EnsureSuccessStatusCode();
        }

        storage.Down = true;
        foreach (var path in new[] { "activity", "usage", "refusals", "quota", "credits", "key", "models" })
        {
            (await RefusedAsync(gateway.Http, path)).ShouldBe(("quota_unavailable", "This cannot be read at the moment"), path);
        }

        foreach (var path in new[] { "admin/orgs", "admin/orgs/demo/keys", "admin/audit", "admin/resets", "admin/credits?org=demo" })
        {
            (await RefusedAsync(admin, path)).ShouldBe(("storage_unavailable", "This cannot be read at the moment"), path);
        }

        (await RefusedAsync(stranger, "activity")).ShouldBe(("quota_unavailable", "The key cannot be looked up at the moment"));
        storage.Down = false;

        static async Task<(string?, string)> RefusedAsync(HttpClient client, string path)
        {
            using var answer = await client.GetAsync("api/v1/" + path);
            var error = await answer.ErrorAsync(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            return (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()!.Split(',')[0]);
        }
    }

    [Fact]
    public async Task Storage_LostInMidStream_SettlesWhenItIsBack()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = 1, Text = "one two three" },
            services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        using var response = await gateway.ChatAsync("demo/echo:free", stream: true);
        await gate.ArrivalAsync();

        storage.Down = true;
        gate.Open();
        (await response.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n", customMessage: "the caller does not wait for our books");
        storage.Down = false;

        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem().GetProperty("status").GetInt32().ShouldBe(200);
        var row = await Eventually.GetAsync(async () => (await gateway.LedgerAsync("quota|fastrouter")).Single(), seen => seen.GetInt64("Reserved") is 0);
        row.GetInt64("Used").ShouldBe(1);
    }

    /// <summary>The next request on a kept connection waited for the last one's books, for up to a minute: R6.</summary>
    [Fact]
    public async Task Storage_ThatHangsAfterAnAnswer_KeepsNoConnectionAndLosesNoRecord()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = 1, Text = "one two three" },
            services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        var connections = 0;
        using var caller = OneConnection(gateway, () => connections++);
        using var response = await gateway.ChatAsync("demo/echo:free", stream: true, client: caller);
        await gate.ArrivalAsync();

        storage.Hung = true;
        gate.Open();
        (await response.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
        using (var next = await caller.GetAsync("health/live").WaitAsync(TimeSpan.FromSeconds(10)))
        {
            next.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        connections.ShouldBe(1);
        var stopping = gateway.Host.StopAsync();
        storage.Hung = false;
        await stopping;
        (await gateway.LedgerAsync("quota|fastrouter")).Single().GetInt64("Used").ShouldBe(1);
        (await gateway.LedgerAsync("request|")).ShouldBeEmpty("its record was sent before the process ended");
    }

    [Fact]
    public async Task Broker_DownForAWhile_LosesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("freeway-broker-");
        var options = new BrokerOptions { DataFolder = folder.FullName, Queues = [new QueueOptions("activity")] };
        var broker = await ServiceBusBroker.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance);
        await using var gateway = await TestGateway.StartAsync(
            settings: new Dictionary<string, string?> { ["ServiceBus"] = broker.ConnectionString, ["ActivityQueueName"] = "activity" });
        await gateway.SpendAsync("demo/echo:free", times: 1);
        await gateway.ActivityAsync(1);

        await broker.DisposeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            using var response = await gateway.ChatAsync("demo/echo:free");
            return await response.TextAsync();
        }));
        answers.ShouldAllBe(text => text == "hello there");
        (await gateway.LedgerAsync("request|")).Count.ShouldBe(5);
        using (var ready = await gateway.Http.GetAsync("health/ready"))
        {
            ready.StatusCode.ShouldBe(HttpStatusCode.OK, "it serves on");
            var report = await ready.JsonAsync();
            report.GetProperty("status").GetString().ShouldBe("degraded");
            report.GetProperty("checks").GetProperty("queue").GetString().ShouldNotBe("ok");
        }

        await using var again = await ServiceBusBroker.StartAsync(options with { Port = broker.Port }, TimeProvider.System, NullLoggerFactory.Instance);

        (await gateway.ActivityAsync(6)).Count.ShouldBe(6);
        (await Eventually.GetAsync(() => gateway.LedgerAsync("request|"), rows => rows.Count is 0)).ShouldBeEmpty();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Broker_DownWhenTheCacheAnswers_LosesNoRecordOfAHit()
    {
        var folder = Directory.CreateTempSubdirectory("freeway-broker-");
        var options = new BrokerOptions { DataFolder = folder.FullName, Queues = [new QueueOptions("activity")] };
        var broker = await ServiceBusBroker.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance);
        await using var gateway = await TestGateway.StartAsync(
            settings: CachingGateway.Settings(("ServiceBus", broker.ConnectionString), ("ActivityQueueName", "activity")));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        (await AskAsync()).ShouldBe("miss");
        await Eventually.GetAsync(() => CachingGateway.RowsAsync(gateway, "acme"), rows => rows.Count is 1);
        await gateway.ActivityAsync(caller, 1);
        await Eventually.GetAsync(async () => (await gateway.LedgerAsync("request|")).Count, rows => rows is 0);

        await broker.DisposeAsync();
        (await AskAsync()).ShouldBe("hit");
        var waiting = await Eventually.GetAsync(() => gateway.LedgerAsync("request|"), rows => rows is [var row] && row.GetString("State") is "Finished");
        waiting.ShouldHaveSingleItem();
        await using var again = await ServiceBusBroker.StartAsync(options with { Port = broker.Port }, TimeProvider.System, NullLoggerFactory.Instance);

        var records = await gateway.ActivityAsync(caller, 2);
        records.Select(record => record.GetProperty("cache").GetString()).ShouldBe(["hit", "miss"], ignoreOrder: true);
        await Eventually.GetAsync(async () => (await gateway.LedgerAsync("request|")).Count, rows => rows is 0);
        folder.Delete(recursive: true);

        async Task<string> AskAsync()
        {
            using var answer = await gateway.PostAsync(
                """{"model":"acme/m:free","messages":[{"role":"user","content":"hello"}]}""", caller, headers: [("x-freeway-cache", "use")]);
            await answer.Content.ReadAsStringAsync();
            return answer.Header("x-freeway-cache");
        }
    }

    private static HttpClient OneConnection(TestGateway gateway, Action connected)
    {
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            ConnectCallback = async (context, cancellation) =>
            {
                connected();
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler, disposeHandler: true)
        {
            BaseAddress = gateway.Host.Url,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", gateway.Host.ApiKey) },
        };
    }

    [Fact]
    public async Task Answers_OfStorageLostAtRandom_NeverAdmitOneTooManyNorLoseARecord()
    {
        using var storage = new FaultyTransport(7, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        // All thirty share one look at the key and one read of the quota: were that to fail, none would be admitted.
        using var first = await gateway.ChatAsync("demo/echo:free");
        await first.Content.ReadAsStringAsync();
        storage.Rates = new FaultRates(LoseAnswer: 0.1, NeverSend: 0.1, Busy: 0.1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
        {
            using var response = await gateway.ChatAsync("demo/echo:free");
            await response.Content.ReadAsStringAsync();
            return response.StatusCode;
        }));

        var admitted = 1 + answers.Count(status => status is HttpStatusCode.OK);
        admitted.ShouldBeLessThanOrEqualTo(10);
        answers.ShouldAllBe(status => status == HttpStatusCode.OK || status == HttpStatusCode.TooManyRequests || status == HttpStatusCode.ServiceUnavailable);
        gateway.Upstream.Received.ShouldBe(admitted);
        storage.Rates = FaultRates.None;
        (await gateway.ActivityAsync(admitted)).Count.ShouldBe(admitted);
        var row = await Eventually.GetAsync(async () => (await gateway.LedgerAsync("quota|fastrouter")).Single(), seen => seen.GetInt64("Reserved") is 0);
        row.GetInt64("Used").ShouldBe(admitted);
    }
}
