using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Freeway.FrontDoor.Tests.OpenApi;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>What the queue has put aside, seen and sent again.</summary>
public sealed class DeadLettersTests
{
    private const string Place = "api/v1/admin/dead-letters";

    [Fact]
    public async Task Records_PutAsideInAnOutage_AreWrittenOnceWhenTheyAreSentAgain()
    {
        var broken = true;
        await using var gateway = await StartAsync(() => Volatile.Read(ref broken));
        using var admin = gateway.Client(gateway.Host.AdminKey);
        var ids = await AdmitOneByOneAsync(gateway, 3);
        await PutAsideAsync(gateway, 3);
        var seen = (await gateway.GetAsync(Place, admin)).GetProperty("data").EnumerateArray().ToList();
        seen.Select(letter => letter.GetProperty("id").GetString()).ShouldBe(ids, ignoreOrder: true);
        seen.ShouldAllBe(letter => letter.GetProperty("reason").GetString() == "MaxDeliveryCountExceeded" && letter.GetProperty("deliveries").GetInt32() >= 10);
        Volatile.Write(ref broken, false);

        // Well within the ten minutes in which the broker drops a message whose id it has seen.
        var done = await ReplayAsync(admin, """{"all":true}""");

        done.GetProperty("replayed").GetInt32().ShouldBe(3);
        done.GetProperty("left").GetInt32().ShouldBe(0);
        (await gateway.ActivityAsync(3)).Select(record => record.GetProperty("id").GetString()).ShouldBe(ids, ignoreOrder: true);
        (await gateway.GetAsync(Place, admin)).GetProperty("data").GetArrayLength().ShouldBe(0);
        var sums = await gateway.Host.Services.GetRequiredService<IActivityStore>().SumsAsync("demo", DateOnly.FromDateTime(TestGateway.Noon.UtcDateTime), default);
        sums.Sum(sum => sum.Requests).ShouldBe(3);
    }

    [Fact]
    public async Task Records_SentAgainByTwoOperatorsAtOnce_AreWrittenOnce()
    {
        var broken = true;
        await using var gateway = await StartAsync(() => Volatile.Read(ref broken));
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await AdmitOneByOneAsync(gateway, 10);
        await PutAsideAsync(gateway, 10);
        Volatile.Write(ref broken, false);

        var both = await Task.WhenAll(ReplayAsync(admin, """{"all":true}"""), ReplayAsync(admin, """{"all":true}"""));

        both.Sum(done => done.GetProperty("replayed").GetInt32()).ShouldBe(10);
        (await gateway.ActivityAsync(10)).Count.ShouldBe(10);
        var sums = await gateway.Host.Services.GetRequiredService<IActivityStore>().SumsAsync("demo", DateOnly.FromDateTime(TestGateway.Noon.UtcDateTime), default);
        sums.Sum(sum => sum.Requests).ShouldBe(10);
    }

    [Fact]
    public async Task Record_SentAgainAfterItWasWritten_CountsOnce()
    {
        var broken = true;
        await using var gateway = await StartAsync(() => Volatile.Read(ref broken));
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await gateway.SpendAsync("demo/echo:free", times: 1);
        await PutAsideAsync(gateway, 1);
        await using var bus = new ServiceBusClient(gateway.Host.Broker!.ConnectionString);
        await using var dead = bus.CreateReceiver("activity", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        await using var sender = bus.CreateSender("activity");
        Volatile.Write(ref broken, false);

        // As if a replay had died between sending and taking away.
        await sender.SendMessageAsync(new ServiceBusMessage((await dead.PeekMessageAsync())!) { MessageId = "sent-before" });
        await gateway.ActivityAsync(1);
        (await ReplayAsync(admin, """{"all":true}""")).GetProperty("replayed").GetInt32().ShouldBe(1);

        await Eventually.TrueAsync(() => Task.FromResult(gateway.Host.Broker.Depth("activity") is { Active: 0, DeadLettered: 0 }));
        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        var sums = await gateway.Host.Services.GetRequiredService<IActivityStore>().SumsAsync("demo", DateOnly.FromDateTime(TestGateway.Noon.UtcDateTime), default);
        sums.Sum(sum => sum.Requests).ShouldBe(1);
    }

    [Fact]
    public async Task Message_ThatCannotBeRead_ComesBackHoweverOftenItIsSent_AndEndsNoReplay()
    {
        await using var gateway = await StartAsync(() => false);
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await SendForeignAsync(gateway, "foreign-1");
        await PutAsideAsync(gateway, 1);

        for (var i = 0; i < 3; i++)
        {
            (await ReplayAsync(admin, """{"all":true}""")).GetProperty("replayed").GetInt32().ShouldBe(1);
            await PutAsideAsync(gateway, 1);
        }

        var letter = (await gateway.GetAsync(Place, admin)).GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        letter.GetProperty("id").GetString().ShouldBe("foreign-1");
        letter.GetProperty("reason").GetString().ShouldBe("UnreadableRecord");
        letter.GetProperty("description").GetString()!.ShouldStartWith("It is not the JSON of an activity record: line 1, byte ");
    }

    [Fact]
    public async Task Letter_NamedByItsId_IsSentAlone()
    {
        await using var gateway = await StartAsync(() => false);
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await SendForeignAsync(gateway, [.. Enumerable.Range(0, 5).Select(i => $"foreign-{i}")]);
        await PutAsideAsync(gateway, 5);

        (await ReplayAsync(admin, """{"id":"foreign-3"}""")).GetProperty("replayed").GetInt32().ShouldBe(1);
        using var unknown = await PostAsync(admin, """{"id":"foreign-9"}""");
        (await unknown.ErrorAsync(HttpStatusCode.NotFound)).GetProperty("code").GetString().ShouldBe("not_found");

        await PutAsideAsync(gateway, 5);
        var first = await gateway.GetAsync($"{Place}?limit=3", admin);
        var rest = await gateway.GetAsync($"{Place}?limit=3&cursor={first.GetProperty("next_cursor").GetString()}", admin);
        rest.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("data").EnumerateArray().Concat(rest.GetProperty("data").EnumerateArray()).Select(letter => letter.GetProperty("id").GetString())
            .ShouldBe(["foreign-0", "foreign-1", "foreign-2", "foreign-4", "foreign-3"]);
    }

    [Theory]
    [InlineData("{}", "id")]
    [InlineData("""{"all":false}""", "id")]
    [InlineData("""{"all":true,"id":"x"}""", "id")]
    [InlineData("""{"all":"yes"}""", "all")]
    [InlineData("""{"all":true,"force":true}""", "force")]
    public async Task Replay_AskedForWrongly_IsRefusedByField(string body, string param)
    {
        await using var gateway = await StartAsync(() => false);
        using var admin = gateway.Client(gateway.Host.AdminKey);

        using var refused = await PostAsync(admin, body);

        (await refused.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task Replay_LeavesWhoAskedForIt_AndIsNotForCallers()
    {
        await using var gateway = await StartAsync(() => false);
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await ReplayAsync(admin, """{"all":true}""");
        foreach (var path in new[] { Place, $"{Place}/replays" })
        {
            using var request = new HttpRequestMessage(path == Place ? HttpMethod.Get : HttpMethod.Post, path);
            using var stranger = await gateway.Http.SendAsync(request);
            stranger.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        var noted = (await gateway.Host.Services.GetRequiredService<IAuditLog>().ListAsync(new AuditQuery(100), default)).Records
            .Where(record => record.Action == "books.replay").ShouldHaveSingleItem();
        noted.After.ShouldBe("""{"all":true}""");
    }

    [Fact]
    public async Task Broker_OutOfReach_IsToldSo()
    {
        await using var gateway = await StartAsync(() => false);
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await gateway.Host.Broker!.StopAsync();

        using var looked = await admin.GetAsync(Place);
        using var sent = await PostAsync(admin, """{"all":true}""");

        foreach (var answer in new[] { looked, sent })
        {
            (await answer.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("storage_unavailable");
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }
    }

    /// <param name="broken">While it says so, the activity table fails in a way that nobody foresaw.</param>
    private static Task<TestGateway> StartAsync(Func<bool> broken) =>
        TestGateway.StartAsync(services: services => BreakablePort.Wrap<IActivityStore>(services, broken));

    /// <summary>Makes requests whose records are messages of their own, as each waits for the one before.</summary>
    private static async Task<List<string>> AdmitOneByOneAsync(TestGateway gateway, int times)
    {
        var ids = new List<string>();
        while (ids.Count < times)
        {
            using var answer = await gateway.ChatAsync("demo/echo:free");
            ids.Add(answer.Header("x-freeway-request-id"));
            await Eventually.GetAsync(
                () => Task.FromResult(gateway.Host.Broker!.Depth("activity")),
                depth => depth.Active + depth.DeadLettered == ids.Count);
        }

        return ids;
    }

    private static Task<QueueDepth> PutAsideAsync(TestGateway gateway, int messages) =>
        Eventually.GetAsync(() => Task.FromResult(gateway.Host.Broker!.Depth("activity")), depth => depth.DeadLettered == messages && depth.Active is 0);

    private static async Task SendForeignAsync(TestGateway gateway, params string[] ids)
    {
        await using var bus = new ServiceBusClient(gateway.Host.Broker!.ConnectionString);
        await using var sender = bus.CreateSender("activity");
        foreach (var id in ids)
        {
            await sender.SendMessageAsync(new ServiceBusMessage("no record") { MessageId = id });
        }
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient admin, string body) =>
        admin.PostAsync($"{Place}/replays", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> ReplayAsync(HttpClient admin, string body)
    {
        using var answer = await PostAsync(admin, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }
}
