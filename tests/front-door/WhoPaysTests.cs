using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests;

/// <summary>The table of who pays when something goes wrong (docs/who-pays.md): each row of it, free, gifted and paid.</summary>
public sealed class WhoPaysTests
{
    // Shorter than what it takes to be thought dead: else recovery books the request before the time-out is booked.
    private static readonly TimeSpan PastFirstByte = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan PastTotal = TimeSpan.FromSeconds(21);

    private static readonly string[] Slugs = ["acme/free:free", "acme/gifted", "acme/plain"];

    [Fact]
    public Task Refused_NobodyPays() => EachAsync(
        null,
        async (gateway, caller, slug) =>
        {
            using var refused = await gateway.PostAsync($$"""{"model":"{{slug}}","messages":7}""", caller);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        },
        requests: 0,
        tokens: false);

    [Fact]
    public Task RejectedByTheUpstream_TheRequestCounts() => EachAsync(
        _ => new LoopbackScript { Error = 422 },
        async (gateway, caller, slug) =>
        {
            using var rejected = await gateway.ChatAsync(slug, client: caller);
            rejected.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        },
        requests: 1,
        tokens: false);

    [Fact]
    public Task RejectedByTheUpstream_WhereThePlanDoesNotCharge_NobodyPays() => EachAsync(
        _ => new LoopbackScript { Error = 422 },
        async (gateway, caller, slug) =>
        {
            using var rejected = await gateway.ChatAsync(slug, client: caller);
            rejected.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        },
        requests: 0,
        tokens: false,
        chargeRejected: false);

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(401)]
    public Task UpstreamThatProducesNothing_NobodyPays(int status) => EachAsync(
        _ => new LoopbackScript { Error = status },
        async (gateway, caller, slug) =>
        {
            using var failed = await gateway.ChatAsync(slug, client: caller);
            failed.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        },
        requests: 0,
        tokens: false);

    [Fact]
    public Task TimeOutBeforeTheFirstByte_NobodyPays() => HeldAsync(
        LoopbackScript.BeforeHeaders,
        async (gateway, asked, _) =>
        {
            gateway.Clock.MoveOn(PastFirstByte);
            using var late = await asked;
            late.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        },
        requests: 0,
        tokens: false);

    [Fact]
    public Task TimeOutAfterTheFirstByte_WhatCameIsPaid() => HeldAsync(
        2,
        async (gateway, asked, _) =>
        {
            using var response = await asked;
            await using var stream = await response.Content.ReadAsStreamAsync();
            await ReadUntilAsync(stream, "two");
            gateway.Clock.MoveOn(PastTotal);
            await Should.ThrowAsync<IOException>(() => new StreamReader(stream).ReadToEndAsync());
        },
        requests: 1,
        tokens: true,
        stream: true);

    [Fact]
    public Task UpstreamThatBreaksInTheMiddle_WhatCameIsPaid() => EachAsync(
        _ => new LoopbackScript { Text = "one two three four", DropAfter = 2 },
        async (gateway, caller, slug) =>
        {
            using var response = await gateway.ChatAsync(slug, stream: true, client: caller);
            await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
        },
        requests: 1,
        tokens: true);

    [Fact]
    public Task CallerGoneBeforeTheFirstByte_TheRequestCounts() => HeldAsync(
        LoopbackScript.BeforeHeaders,
        async (_, asked, leave) =>
        {
            await leave();
            await Should.ThrowAsync<OperationCanceledException>(() => asked);
        },
        requests: 1,
        tokens: false);

    [Fact]
    public Task CallerGoneAfterTheFirstByte_WhatCameIsPaid() => HeldAsync(
        2,
        async (_, asked, leave) =>
        {
            using var response = await asked;
            await using var stream = await response.Content.ReadAsStreamAsync();
            await ReadUntilAsync(stream, "two");
            await leave();
        },
        requests: 1,
        tokens: true,
        stream: true);

    /// <summary>Reads until these words have come, and no further than the piece that ends them.</summary>
    private static async Task ReadUntilAsync(Stream stream, string words)
    {
        var (seen, piece) = (new StringBuilder(), new byte[256]);
        while (!seen.ToString().Contains(words, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(piece);
            count.ShouldBeGreaterThan(0, $"the stream ended before '{words}'");
            seen.Append(Encoding.UTF8.GetString(piece, 0, count));
        }
    }

    /// <summary>The same with an upstream that stops at a gate, and a caller who can leave.</summary>
    private static async Task HeldAsync(
        int holdAfter, Func<TestGateway, Task<HttpResponseMessage>, Func<Task>, Task> happen, int requests, bool tokens, bool stream = false)
    {
        var gate = new LoopbackGate();
        await EachAsync(
            _ => new LoopbackScript { Text = "one two three four", Gate = gate, HoldAfter = holdAfter },
            async (gateway, caller, slug) =>
            {
                using var leaving = new CancellationTokenSource();
                var body = JsonSerializer.Serialize(new { model = slug, stream, messages = new[] { new { role = "user", content = "hello" } } });
                var asked = caller.SendAsync(
                    new HttpRequestMessage(HttpMethod.Post, "api/v1/chat/completions") { Content = new StringContent(body) },
                    HttpCompletionOption.ResponseHeadersRead,
                    leaving.Token);
                await gate.ArrivalAsync();
                await happen(gateway, asked, leaving.CancelAsync);
            },
            requests,
            tokens);
    }

    private static async Task EachAsync(
        Func<LoopbackRequest, LoopbackScript?>? script, Func<TestGateway, HttpClient, string, Task> happen, int requests, bool tokens, bool chargeRejected = true)
    {
        foreach (var slug in Slugs)
        {
            await using var gateway = await TestGateway.StartAsync(script, Settings(chargeRejected));
            using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
            await gateway.TopUpAsync("acme", "1");

            await happen(gateway, caller, slug);

            if (requests > 0 || tokens)
            {
                await gateway.ActivityAsync(caller, 1);
            }

            var limits = await Eventually.GetAsync(
                async () => (await gateway.GetAsync("api/v1/quota/" + slug, caller)).GetProperty("data").EnumerateArray().ToList(),
                seen => seen.TrueForAll(limit => limit.GetProperty("reserved").GetDecimal() is 0));
            Used(limits, "requests").ShouldBe(requests, slug);
            (Used(limits, "tokens") > 0).ShouldBe(tokens && slug is "acme/gifted", slug);
            (await gateway.LeftAsync(caller) < 1_000_000_000).ShouldBe(tokens && slug is "acme/plain", slug);
        }
    }

    private static decimal Used(List<JsonElement> limits, string unit) => limits.Where(limit => limit.GetProperty("unit").GetString() == unit)
        .Sum(limit => decimal.Parse(limit.GetProperty("used").GetRawText(), CultureInfo.InvariantCulture));

    private static Dictionary<string, string?> Settings(bool chargeRejected)
    {
        var requests = new { name = "requests", unit = "requests", amount = 10, window = "day", scope = "org_model" };
        return TestCatalogue.Settings(new
        {
            default_plan = "standard",
            plans = new
            {
                free = new { charge_rejected = chargeRejected, limits = new[] { requests } },
                standard = new
                {
                    billing = "prepaid",
                    charge_rejected = chargeRejected,
                    limits = new object[]
                    {
                        requests,
                        new { name = "gift", unit = "tokens", amount = 1_000_000, window = "day", scope = "org_model", models = new[] { "acme/gifted" }, overflow = new[] { "bill" } },
                    },
                },
            },
            models = new[]
            {
                TestCatalogue.Model("acme/free", new { free = new { enabled = true, plan = "free" } }),
                TestCatalogue.Model("acme/gifted"),
                TestCatalogue.Model("acme/plain"),
            },
        }, ("Freeway__Upstream__FirstByte", "00:00:10"), ("Freeway__Upstream__Total", "00:00:20"));
    }
}
