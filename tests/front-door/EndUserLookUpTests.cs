using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Microsoft.Extensions.DependencyInjection;
using static Freeway.FrontDoor.Tests.Support.EndUserCalls;

namespace Freeway.FrontDoor.Tests;

/// <summary>What is told of one end user, and that nothing but a hash of the id is kept.</summary>
public sealed class EndUserLookUpTests
{
    [Fact]
    public async Task Quota_OfOneEndUser_IsToldByHeaderByIdAndByHash()
    {
        await using var gateway = await StartAsync();
        using var answer = await SendAsync(gateway, "alice");
        var hash = await HashAsync(gateway, "alice");

        foreach (var path in new[] { "api/v1/quota", "api/v1/quota/test/model:free" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { Header, "alice" } } };
            using var byHeader = await gateway.Http.SendAsync(request);
            var shown = (await byHeader.JsonAsync()).GetProperty("data").GetRawText();

            (await gateway.GetAsync($"{path}?end_user=alice")).GetProperty("data").GetRawText().ShouldBe(shown);
            (await gateway.GetAsync($"{path}?end_user={hash}")).GetProperty("data").GetRawText().ShouldBe(shown);
            var limit = JsonDocument.Parse(shown).RootElement.EnumerateArray().Single(one => one.GetProperty("id").GetString() is "app.daily");
            (limit.GetProperty("scope").GetString(), limit.GetProperty("used").GetInt32(), limit.GetProperty("remaining").GetInt32()).ShouldBe(("end_user", 1, 9));
            (await gateway.GetAsync(path)).GetProperty("data").EnumerateArray()
                .ShouldAllBe(one => one.GetProperty("id").GetString() != "app.daily", "nobody is named");
        }
    }

    [Fact]
    public async Task Check_ForAnEndUser_TellsWhatWouldBeTakenAndWhoIsMissing()
    {
        await using var gateway = await StartAsync(Daily(1));
        const string Body = """{"model":"test/model:free","messages":[]}""";

        using var fresh = await gateway.PostAsync(Body, path: "api/v1/quota/check", headers: (Header, "alice"));
        using var spent = await SendAsync(gateway, "alice");
        using var after = await gateway.PostAsync(Body, path: "api/v1/quota/check", headers: (Header, "alice"));
        using var nobody = await gateway.PostAsync(Body, path: "api/v1/quota/check");

        var taken = (await fresh.JsonAsync()).GetProperty("reservation").GetRawText();
        taken.ShouldBe("""[{"id":"app.daily","unit":"requests","amount":1},{"id":"end_users.new","unit":"end_user_rows","amount":1}]""");
        (await after.JsonAsync()).GetProperty("refusal").GetProperty("limit_source").GetString().ShouldBe("app.daily");
        (await nobody.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("user");
    }

    [Fact]
    public async Task ActivityAndUsage_OfOneEndUser_AreFoundByIdAndByHash()
    {
        await using var gateway = await StartAsync();
        foreach (var user in new[] { "alice", "alice", "bob" })
        {
            using var answer = await SendAsync(gateway, user);
        }

        await gateway.ActivityAsync(3);
        var hash = await HashAsync(gateway, "alice");
        foreach (var wanted in new[] { "alice", hash })
        {
            var records = await gateway.ActivityAsync(2, $"?end_user={wanted}");
            records.Count.ShouldBe(2);
            records.ShouldAllBe(record => record.GetProperty("end_user").GetString() == hash);
            var day = (await gateway.GetAsync($"api/v1/usage?end_user={wanted}")).GetProperty("data").EnumerateArray().Single();
            (day.GetProperty("period").GetString(), day.GetProperty("requests").GetInt32(), day.GetProperty("free").GetProperty("requests").GetInt32())
                .ShouldBe(("2026-05-29", 2, 2));
            day.TryGetProperty("refused", out _).ShouldBeFalse("refusals are not told apart by end user");
        }

        (await gateway.GetAsync("api/v1/usage")).GetProperty("data")[0].GetProperty("requests").GetInt32().ShouldBe(3);
        (await gateway.GetAsync("api/v1/usage?by=month&end_user=bob")).GetProperty("data")[0].GetProperty("requests").GetInt32().ShouldBe(1);
        using var tooLong = await gateway.Http.GetAsync("api/v1/usage?end_user=alice&from=2026-01-01");
        (await tooLong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("message").GetString()!.ShouldContain("31 days before 'to' for one end user");
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/activity?limit=1") { Headers = { { "Accept", "text/csv" }, { Header, "bob" } } };
        using var csv = await gateway.Http.SendAsync(request);
        (await csv.Content.ReadAsStringAsync()).ShouldEndWith($",{await HashAsync(gateway, "bob")},\r\n");
    }

    [Fact]
    public async Task Operator_LookingAtAnOrg_FindsOneEndUser()
    {
        await using var gateway = await StartAsync();
        using var answer = await SendAsync(gateway, "alice");
        await gateway.ActivityAsync(1);
        using var admin = gateway.Client(gateway.Host.AdminKey!);

        foreach (var (list, expected) in new[] { ("activity", 1), ("usage", 1), ("quota", 2) })
        {
            (await gateway.GetAsync($"api/v1/admin/orgs/demo/{list}?end_user=alice", admin)).GetProperty("data").GetArrayLength()
                .ShouldBeGreaterThanOrEqualTo(expected);
        }

        (await gateway.GetAsync("api/v1/admin/orgs/demo/activity?end_user=bob", admin)).GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task IdsOfEndUsers_AreInNoTable()
    {
        await using var gateway = await StartAsync();
        const string Id = "alice-the-end-user";
        using var body = await SendAsync(gateway, Id);
        using var header = await SendAsync(gateway, header: Id);
        using var repeat = await gateway.PostAsync(
            $$"""{"model":"test/model:free","messages":[],"user":"{{Id}}"}""", headers: ("Idempotency-Key", "once"));
        using var refused = await SendAsync(gateway, Id, model: "test/none:free");
        await gateway.ActivityAsync(3);

        var rows = await gateway.EverythingAsync();

        rows.ShouldContain(row => row.Contains(Hash(rows), StringComparison.Ordinal));
        rows.ShouldAllBe(row => !row.Contains(Id, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Salt_IsTheDeploymentsOwn_MadeOnceAndKept()
    {
        await using var gateway = await StartAsync();
        await using var stranger = await StartAsync();

        var hash = await RecordedHashAsync(gateway, "alice");

        hash.ShouldMatch("^eu_[0-9a-f]{32}$");
        (await RecordedHashAsync(gateway, "alice", gateway.Client(await gateway.NewKeyAsync("another")))).ShouldNotBe(hash, "of another organisation");
        (await RecordedHashAsync(stranger, "alice")).ShouldNotBe(hash, "of another deployment");
        var store = gateway.Host.Services.GetRequiredService<IEndUserSaltStore>();
        var salt = await store.GetOrAddAsync(new byte[32], CancellationToken.None);
        EndUserId.Of("demo", "alice", salt).Hash.ShouldBe(hash);
        salt.ShouldNotBe(new byte[32]);
    }

    [Fact]
    public async Task Salt_OfTheSettings_MakesTheHash()
    {
        await using var gateway = await StartAsync(settings: [("Freeway:EndUsers:Salt", "a salt of sixteen characters or more")]);

        (await RecordedHashAsync(gateway, "alice")).ShouldBe(EndUserId.Of("demo", "alice", "a salt of sixteen characters or more"u8).Hash);
        (await gateway.EverythingAsync()).ShouldAllBe(row => !row.Contains("end_user_salt", StringComparison.Ordinal));
    }

    /// <summary>The hash of an id of the demo org; no request is sent for it.</summary>
    internal static async Task<string> HashAsync(TestGateway gateway, string user) =>
        (await gateway.Host.Services.GetRequiredService<EndUsers>().FindAsync("demo", user, CancellationToken.None)).Id.Hash;
}
