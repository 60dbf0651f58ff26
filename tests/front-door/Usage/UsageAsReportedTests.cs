using System.Globalization;
using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>What providers report is what callers pay and what their limits count (docs/usage-shapes.md), at the front door.</summary>
public sealed class UsageAsReportedTests
{
    private const string Events = "text/event-stream";
    private const string Json = "application/json";

    private const string Answer =
        """
        {"id":"c-1","object":"chat.completion","created":1790000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":1000,"completion_tokens":10,"total_tokens":1310,"prompt_tokens_details":{"cached_tokens":800}}}
        """;

    private const string Stream =
        """
        data: {"id":"c-1","object":"chat.completion.chunk","created":1790000000,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}

        data: {"id":"c-1","object":"chat.completion.chunk","created":1790000000,"model":"m","choices":[],"usage":{"prompt_tokens":16,"completion_tokens":300,"total_tokens":316}}

        data: [DONE]


        """;

    private const string Failed =
        """
        event: response.failed
        data: {"type":"response.failed","sequence_number":0,"response":{"id":"r-1","object":"response","status":"failed","error":{"code":"server_error","message":"no"},"output":[],"usage":null}}


        """;

    private const string Completed =
        """
        event: response.completed
        data: {"type":"response.completed","sequence_number":0,"response":{"id":"r-1","object":"response","status":"completed","output":[],"usage":{"input_tokens":9,"output_tokens":1,"total_tokens":10}}}


        """;

    public static TheoryData<string, string, string> Failures => new()
    {
        { "chat/completions", Events, ": waiting\n\ndata: {\"error\":{\"code\":502,\"message\":\"no\"}}\n\n" },
        { "chat/completions", Events, "event: error\ndata: {\"message\":\"no\"}\n\n" },
        { "chat/completions", Json, """{"error":{"code":502,"message":"no"},"user_id":"u"}""" },
        { "responses", Events, Failed },
        { "responses", Json, """{"id":"r-1","object":"response","status":"failed","error":{"code":"server_error","message":"no"},"output":[],"usage":null}""" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task ErrorBeforeAnyContent_TheNextRouteAnswersAndTheCallerIsChargedOnce(string surface, string type, string body)
    {
        await using var one = await RawUpstream.StartAsync(type, body);
        await using var two = await RawUpstream.StartAsync(type, type is Json ? Answer : surface is "responses" ? Completed : Stream);
        await using var gateway = await StartAsync(one, two);

        using var response = await AskAsync(gateway, surface, "acme/model:free", stream: type is Events);

        var answer = await response.Content.ReadAsStringAsync();
        (response.StatusCode, response.Header("x-freeway-upstream")).ShouldBe((HttpStatusCode.OK, "two"), answer);
        answer.ShouldNotContain("error");
        (one.Received, two.Received).ShouldBe((1, 1));
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("attempts").EnumerateArray()
            .Select(attempt => $"{attempt.GetProperty("upstream")} {(attempt.TryGetProperty("reason", out var reason) ? reason : "")}")
            .ShouldBe(["one broken", "two "]);
        (await UsedAsync(gateway, "acme/model:free", "requests")).ShouldBe(1);
    }

    [Fact]
    public async Task CommentsAndNothingElse_TheNextRouteAnswersInTheSameStream()
    {
        await using var one = await RawUpstream.StartAsync(Events, ": waiting\n\n");
        await using var two = await RawUpstream.StartAsync(Events, Stream);
        await using var gateway = await StartAsync(one, two);

        using var response = await AskAsync(gateway, "chat/completions", "acme/model:free", stream: true);

        var answer = await response.Content.ReadAsStringAsync();
        answer.ShouldStartWith(": waiting\n\ndata: ");
        answer.ShouldEndWith("data: [DONE]\n\n");
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        (record.GetProperty("upstream").GetString(), record.GetProperty("completion_tokens").GetInt64()).ShouldBe(("two", 300));
        (await UsedAsync(gateway, "acme/model:free", "requests")).ShouldBe(1);
    }

    [Fact]
    public async Task CommentsAndNothingElse_WithoutAnotherRoute_EndInAnErrorAndNobodyPays()
    {
        await using var one = await RawUpstream.StartAsync(Events, ": waiting\n\n");
        await using var gateway = await StartAsync(one, one);

        using var response = await AskAsync(gateway, "chat/completions", "acme/model:free", stream: true);

        await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
        (await UsedAsync(gateway, "acme/model:free", "requests")).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task ErrorBeforeAnyContent_WithoutAnotherRoute_NobodyPays(string surface, string type, string body)
    {
        await using var one = await RawUpstream.StartAsync(type, body);
        await using var gateway = await StartAsync(one, one);

        using var response = await AskAsync(gateway, surface, "acme/model:free", stream: type is Events);

        (await response.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString().ShouldBe("upstream_error");
        (await UsedAsync(gateway, "acme/model:free", "requests")).ShouldBe(0);
        (await UsedAsync(gateway, "acme/model:free", "tokens")).ShouldBe(0);
    }

    [Fact]
    public async Task ResponseFailedAfterError_IsPassedOnAndCostsNothing()
    {
        const string Body =
            """
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":{"id":"r-1","object":"response","status":"in_progress","output":[],"usage":null}}

            event: error
            data: {"type":"error","sequence_number":1,"code":"server_error","message":"no","param":null}


            """ + Failed;
        await using var one = await RawUpstream.StartAsync(Events, Body);
        await using var gateway = await StartAsync(one, one);

        using var response = await AskAsync(gateway, "responses", "acme/model:free", stream: true);

        (await response.Content.ReadAsStringAsync()).ShouldBe(Body);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        (record.GetProperty("error_code").GetString(), record.GetProperty("total_tokens").GetInt64()).ShouldBe(("upstream_error", 0));
        (await UsedAsync(gateway, "acme/model:free", "requests")).ShouldBe(0);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Stream_OfAnotherTypeOrNone_IsReadAsAStream(string? type)
    {
        await using var one = await RawUpstream.StartAsync(type, Stream);
        await using var gateway = await StartAsync(one, one);

        using var response = await AskAsync(gateway, "chat/completions", "acme/model:free", stream: true);

        var sent = await response.Content.ReadAsStringAsync();
        (response.Content.Headers.ContentType!.MediaType, sent.Contains("usage", StringComparison.Ordinal)).ShouldBe((Events, false));
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        (record.GetProperty("prompt_tokens").GetInt64(), record.GetProperty("completion_tokens").GetInt64(), record.GetProperty("estimated").GetBoolean())
            .ShouldBe((16, 300, false));
    }

    [Fact]
    public async Task Picture_Of5Megabytes_IsOneImageAndTheLimitOnImagesHolds()
    {
        var body = $$$"""
            event: image_generation.completed
            data: {"type":"image_generation.completed","b64_json":"{{{new string('P', 5 << 20)}}}","usage":{"input_tokens":14,"output_tokens":1120,"total_tokens":1134}}


            """;
        await using var one = await RawUpstream.StartAsync(Events, body);
        await using var gateway = await StartAsync(one, one);

        for (var image = 0; image < 3; image++)
        {
            using var drawn = await gateway.PostAsync("""{"model":"acme/model:free","prompt":"a cat","stream":true}""", path: "api/v1/images/generations");
            (await drawn.Content.ReadAsStringAsync()).ShouldBe(body);
            var records = await gateway.ActivityAsync(image + 1);
            records.ShouldAllBe(record => record.GetProperty("images").GetInt64() == 1 && record.GetProperty("completion_tokens").GetInt64() == 1120);
        }

        using var refused = await gateway.PostAsync("""{"model":"acme/model:free","prompt":"a cat","stream":true}""", path: "api/v1/images/generations");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        one.Received.ShouldBe(3);
    }

    [Fact]
    public async Task BackgroundResponse_IsRefusedByNameBeforeAnythingIsTaken()
    {
        await using var one = await RawUpstream.StartAsync(Json, Answer);
        await using var gateway = await StartAsync(one, one);

        using var response = await gateway.PostAsync("""{"model":"acme/model:free","input":"hi","background":true}""", path: "api/v1/responses");

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("background");
        (one.Received, await UsedAsync(gateway, "acme/model:free", "requests")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task CachedAndReasoningTokens_AreRecordedSummedAndPriced()
    {
        await using var one = await RawUpstream.StartAsync(Json, Answer);
        await using var gateway = await StartAsync(one, one);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        using var response = await AskAsync(gateway, "chat/completions", "acme/model", stream: false, caller);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var record = (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem();
        (record.GetProperty("cached_tokens").GetInt64(), record.GetProperty("reasoning_tokens").GetInt64()).ShouldBe((800, 300));

        // 200 at $1, 800 at $0.1 and 310 at $2 a million.
        record.GetProperty("cost_usd").GetString().ShouldBe("0.0009");
        var line = (await gateway.GetAsync("api/v1/usage", caller)).GetProperty("data")[0];
        (line.GetProperty("cached_tokens").GetInt64(), line.GetProperty("reasoning_tokens").GetInt64()).ShouldBe((800, 300));
        using var csv = new HttpRequestMessage(HttpMethod.Get, "api/v1/activity") { Headers = { { "Accept", "text/csv" } } };
        using var table = await caller.SendAsync(csv);
        var rows = (await table.Content.ReadAsStringAsync()).Split("\r\n");
        rows[0].ShouldEndWith(",cached_tokens,reasoning_tokens,end_user,cache");
        rows[1].ShouldEndWith(",800,300,,");
    }

    [Fact]
    public async Task BrokenStream_IsLoggedInOneLineWithoutAStack()
    {
        using var log = new ExceptionLog();
        var begun = Stream[..Stream.IndexOf("\n\n", StringComparison.Ordinal)].Replace("\"stop\"", "null", StringComparison.Ordinal) + "\n\n";
        await using var one = await RawUpstream.StartAsync(Events, begun, drops: true);
        await using var gateway = await StartAsync(one, one, services => services.AddSingleton<ILoggerProvider>(log));

        using var response = await AskAsync(gateway, "chat/completions", "acme/model:free", stream: true);
        await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();

        var line = log.Lines.ShouldHaveSingleItem();
        line.ShouldContain($"request {record.GetProperty("id").GetString()} ");
        line.ShouldNotContain("   at ");
    }

    private static Task<HttpResponseMessage> AskAsync(TestGateway gateway, string surface, string slug, bool stream, HttpClient? caller = null)
    {
        object request = surface is "responses"
            ? new { model = slug, stream, input = "hello", max_output_tokens = 100 }
            : new { model = slug, stream, messages = new[] { new { role = "user", content = "hello" } }, max_tokens = 100 };
        return gateway.PostAsync(JsonSerializer.Serialize(request), caller, "api/v1/" + surface);
    }

    private static async Task<long> UsedAsync(TestGateway gateway, string slug, string unit)
    {
        var limits = await Eventually.GetAsync(
            async () => (await gateway.GetAsync("api/v1/quota/" + slug)).GetProperty("data").EnumerateArray().ToList(),
            seen => seen.TrueForAll(limit => limit.GetProperty("reserved").GetDecimal() is 0));
        return limits.Where(limit => limit.GetProperty("unit").GetString() == unit)
            .Sum(limit => long.Parse(limit.GetProperty("used").GetRawText(), CultureInfo.InvariantCulture));
    }

    /// <summary>A gateway with one model that two upstreams have.</summary>
    private static Task<TestGateway> StartAsync(RawUpstream one, RawUpstream two, Action<IServiceCollection>? services = null) => TestGateway.StartAsync(
        services: services,
        settings: TestCatalogue.Settings(new
        {
            upstreams = new Dictionary<string, object> { ["one"] = new { base_url = one.BaseUrl }, ["two"] = new { base_url = two.BaseUrl } },
            default_plan = "standard",
            plans = new
            {
                standard = new { billing = "prepaid" },
                free = new
                {
                    limits = new[]
                    {
                        new { name = "requests", unit = "requests", amount = 10, window = "day", scope = "org_model" },
                        new { name = "tokens", unit = "tokens", amount = 1_000_000, window = "day", scope = "org_model" },
                        new { name = "images", unit = "images", amount = 3, window = "day", scope = "org_model" },
                    },
                },
            },
            models = new[]
            {
                TestCatalogue.Model("acme/model", new
                {
                    usd_per_million_tokens = new { input = 1, cached_input = 0.1, output = 2 },
                    free = new { enabled = true, plan = "free" },
                    routes = one == two ? new[] { new { upstream = "one", model = "m" } } : [new { upstream = "one", model = "m" }, new { upstream = "two", model = "m" }],
                }),
            },
        }));

    /// <summary>Keeps what is logged as a warning or worse, exceptions with their whole text.</summary>
    private sealed class ExceptionLog : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                _lines.Enqueue($"{formatter(state, exception)} {exception}".Trim());
            }
        }

        public void Dispose()
        {
        }
    }
}
