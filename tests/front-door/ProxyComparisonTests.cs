using System.Text;
using System.Text.RegularExpressions;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>
/// The same recorded answers through Freeway and straight from the upstream: they differ in nothing but what the contract
/// names, e.g. the model's name, which is ours. <c>Recorded/*.http</c> are the recordings; a file more is a test more.
/// </summary>
public sealed class ProxyComparisonTests
{
    private const string UsageOnly = "\"choices\":[],\"usage\"";

    /// <summary>What the contract gives an answer of its own.</summary>
    private static readonly string[] Ours =
        ["x-request-id", "x-freeway-", "x-ratelimit-", "ratelimit", "cache-control", "vary", "date", "server", "transfer-encoding", "content-length", "connection"];

    public static TheoryData<string> Recordings { get; } = new(RecordedAnswer.Names);

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Answer_ThroughFreeway_IsTheUpstreamsToTheByteButForTheModelsName(string name)
    {
        await using var upstream = await RecordedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var stream = RecordedAnswer.Read(name).IsStream;
        var request = Request("demo/echo", name, stream ? """, "stream_options" : { "include_usage" : true } """ : "", stream);
        foreach (var portion in new[] { int.MaxValue, 1000, 7 })
        {
            upstream.Portion = portion;
            using var through = await gateway.PostAsync(request);
            using var direct = await AskAsync(upstream, request);

            through.StatusCode.ShouldBe(direct.StatusCode);
            through.Content.Headers.ContentType!.ToString().ShouldBe(direct.Content.Headers.ContentType!.ToString());
            (await through.Content.ReadAsByteArrayAsync()).ShouldBe(Renamed(await direct.Content.ReadAsByteArrayAsync()));
            Names(through).Except(Names(direct)).Where(header => !Array.Exists(Ours, ours => header.StartsWith(ours, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();
            var (seen, sent) = (Take(upstream), Take(upstream));
            seen.ShouldBe(sent.Replace("\"demo/echo\"", "\"echo\"", StringComparison.Ordinal), "the request, too, is the caller's but for the model's name");
        }
    }

    [Theory]
    [InlineData("stream-text")]
    [InlineData("stream-tools-two-answers")]
    [InlineData("stream-without-done")]
    public async Task Stream_OfACallerWhoWantsNoUsage_LacksThatChunkAndNothingElse(string name)
    {
        await using var upstream = await RecordedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var request = Request("demo/echo", name, "", stream: true);

        using var through = await gateway.PostAsync(request);
        using var direct = await AskAsync(upstream, request);

        var events = Encoding.UTF8.GetString(Renamed(await direct.Content.ReadAsByteArrayAsync())).Split("\n\n").Where(one => !one.Contains(UsageOnly, StringComparison.Ordinal));
        (await through.Content.ReadAsStringAsync()).ShouldBe(string.Join("\n\n", events));
        Take(upstream).ShouldContain("\"include_usage\":true");
    }

    /// <summary>The answer with the catalogue's name for the model in the place of the upstream's, and all other bytes as they are.</summary>
    private static byte[] Renamed(byte[] answer) => Encoding.Latin1.GetBytes(
        Regex.Replace(Encoding.Latin1.GetString(answer), "(\"model\"\\s*:\\s*)\"[^\"]*\"", "$1\"demo/echo\""));

    private static Task<TestGateway> StartAsync(RecordedUpstream upstream) =>
        TestGateway.StartAsync(settings: new Dictionary<string, string?> { ["Freeway:Upstreams:loopback:BaseUrl"] = upstream.BaseUrl });

    /// <summary>Written as nobody's serializer writes it, so that a byte that changed is seen.</summary>
    private static string Request(string model, string recording, string more, bool stream) =>
        $$"""
        { "temperature" : 0.10, "metadata":{"z":1.0,"a":[ ]},
          "messages":[ {"content":"{{recording}}","role":"user"} ] , "model":"{{model}}", "stream" : {{(stream ? "true" : "false")}}{{more}} ,"max_tokens":100 ,"x":"\u00e9é" }
        """;

    private static async Task<HttpResponseMessage> AskAsync(RecordedUpstream upstream, string request)
    {
        using var http = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        return await http.PostAsync($"{upstream.BaseUrl}/chat/completions", new StringContent(request, Encoding.UTF8, "application/json"));
    }

    private static IEnumerable<string> Names(HttpResponseMessage response) => response.Headers.Concat(response.Content.Headers).Select(header => header.Key);

    private static string Take(RecordedUpstream upstream) => upstream.Received.TryDequeue(out var body) ? body : throw new ShouldAssertException("Nothing reached the upstream.");
}
