using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Freeway.Runner.Tests.Loopback;

/// <summary>What the loopback upstream received can be looked at, and forgotten, over HTTP.</summary>
public sealed class ReceivedListTests
{
    [Fact]
    public async Task Requests_AreListedNewestFirstWithBodiesAndWithoutSecrets()
    {
        await using var rig = await LoopbackRig.StartAsync();
        rig.Client.DefaultRequestHeaders.Authorization = new("Bearer", "sk-secret");
        rig.Client.DefaultRequestHeaders.Add("x-api-key", "sk-secret");
        rig.Client.DefaultRequestHeaders.Add("x-title", "a caller");
        await rig.AnswerAsync(LoopbackRig.Body("first"));
        await rig.AnswerAsync(LoopbackRig.Body("second"));

        var list = await ListAsync(rig);

        list.Count.ShouldBe(2);
        list.Select(one => (int)one["number"]!).ShouldBe([2, 1]);
        var latest = list[0];
        ((string)latest["method"]!).ShouldBe("POST");
        ((string)latest["path"]!).ShouldBe("/v1/chat/completions");
        ((string)latest["time"]!).ShouldBe("2026-05-29T12:00:00Z");
        ((bool)latest["finished"]!).ShouldBeTrue();
        ((string)latest["headers"]!["authorization"]!).ShouldBe("(hidden)");
        ((string)latest["headers"]!["x-api-key"]!).ShouldBe("(hidden)");
        ((string)latest["headers"]!["x-title"]!).ShouldBe("a caller");
        ((string)latest["body"]!["messages"]![1]!["content"]!).ShouldBe("second");
        JsonSerializer.Serialize(list).ShouldNotContain("sk-secret");
        (await ListAsync(rig, "?limit=1")).ShouldHaveSingleItem()["number"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Bodies_ThatAreNoJson_AreTextOrBase64AndCutOff()
    {
        await using var rig = await LoopbackRig.StartAsync();
        using (await rig.PostAsync("/unknown", new StringContent("{ not JSON")))
        using (await rig.PostAsync("/unknown", new ByteArrayContent([0xFF, 0xFE])))
        using (await rig.PostAsync("/unknown", new StringContent(new string('x', 100_000))))
        {
        }

        var list = await ListAsync(rig);

        ((string)list[2]["body"]!).ShouldBe("{ not JSON");
        ((string)list[1]["body_base64"]!).ShouldBe("//4=");
        ((string)list[0]["body"]!).Length.ShouldBe(64 * 1024);
        ((int)list[0]["body_bytes"]!).ShouldBe(100_000);
    }

    [Fact]
    public async Task Delete_ForgetsThem_AndLooksAreNeverCounted()
    {
        await using var rig = await LoopbackRig.StartAsync();
        await rig.AnswerAsync(LoopbackRig.Body("forgotten"));

        using var deleted = await rig.Client.DeleteAsync(Address(rig));
        var none = await ListAsync(rig);
        await rig.AnswerAsync(LoopbackRig.Body("kept"));

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        none.ShouldBeEmpty();
        (await ListAsync(rig)).ShouldHaveSingleItem()["number"]!.GetValue<int>().ShouldBe(2);
        rig.Upstream.Received.ShouldBe(2);
    }

    [Theory]
    [InlineData("GET", "?limit=0", 400, "limit is a whole number from 1, not 0.")]
    [InlineData("GET", "?limit=many", 400, "limit is a whole number from 1, not many.")]
    [InlineData("POST", "", 405, "GET lists the requests, DELETE forgets them.")]
    public async Task Look_ThatMakesNoSense_IsToldWhatDoes(string method, string query, int status, string message)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var answer = await rig.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), Address(rig) + query));

        ((int)answer.StatusCode).ShouldBe(status);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["message"]!.GetValue<string>().ShouldBe(message);
    }

    private static async Task<IReadOnlyList<JsonNode>> ListAsync(LoopbackRig rig, string query = "") =>
        [.. JsonNode.Parse(await rig.Client.GetStringAsync(Address(rig) + query))!["data"]!.AsArray().OfType<JsonNode>()];

    private static string Address(LoopbackRig rig) => new Uri(new Uri(rig.Upstream.BaseUrl), "/requests").ToString();
}
