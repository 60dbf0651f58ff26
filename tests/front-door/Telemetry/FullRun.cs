using System.Net;
using System.Text;
using Azure.Messaging.ServiceBus;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Telemetry;

/// <summary>Everything that can be asked of a gateway, with words in every place that must not come out by the way of telemetry.</summary>
public sealed class FullRun(TestGateway gateway)
{
    public const string Prompt = "promptZ7marker";
    public const string Completion = "completionZ7marker";
    public const string FileText = "fileZ7marker";
    public const string FileName = "filenameZ7marker.wav";
    public const string Typed = "typedZ7marker";
    public const string EndUser = "endUserZ7marker";
    public const string Foreign = "foreignZ7marker";
    public const string UnknownKey = "fw-unknownZ7secret0000000000000000000000000000000";
    public const string UpstreamKey = "sk-upstreamZ7secret";
    public const string WrongAdminKey = "adminZ7secret";

    /// <summary>Says how the upstream answers, by a word in the prompt.</summary>
    public static LoopbackScript? Script(LoopbackRequest request)
    {
        var body = Encoding.UTF8.GetString(request.Body.Span);
        bool Asks(string what) => body.Contains($"please {what}", StringComparison.Ordinal);
        return Asks("fail") ? new LoopbackScript { Error = 500 }
            : Asks("limit") ? new LoopbackScript { Error = 429, Headers = new Dictionary<string, string> { ["x-ratelimit-limit-requests"] = Completion } }
            : Asks("reject") ? new LoopbackScript { Error = 422 }
            : Asks("hang-up") ? new LoopbackScript { HangUp = true }
            : Asks("drop") ? new LoopbackScript { DropAfter = 2, Text = Completion + " and more and more" }
            : Asks("break") ? new LoopbackScript { ErrorAfter = 1, Text = Completion + " and more" }
            : new LoopbackScript { Text = $"{Completion} {Prompt}", FinishReason = Completion };
    }

    /// <summary>What must appear nowhere: keys as they are sent, and the texts of callers, upstreams and strangers.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    public async Task RunAsync()
    {
        await ServedAsync();
        await BrokenAsync();
        await FormsAsync();
        await RefusedAsync();
        await OperatedAsync();
        await QueueAsync();
        await gateway.ActivityAsync(1);
        Secrets =
        [
            gateway.Host.ApiKey!, gateway.Host.AdminKey!, _otherKey, UnknownKey, UpstreamKey, WrongAdminKey, "collector-secret",
            KeyHash.Of(gateway.Host.ApiKey!).Hex, KeyHash.Of(gateway.Host.AdminKey!).Hex,
            Prompt, Completion, FileText, FileName, Typed, Foreign, EndUser,
        ];
    }

    private string _otherKey = "";

    private static string Chat(string text, bool stream = false, string model = "demo/echo:free", string more = "") =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},{{more}}"messages":[{"role":"user","content":"{{Prompt}} {{text}}"}]}""";

    private async Task ServedAsync()
    {
        await SendAsync(HttpStatusCode.OK, Chat("hello"));
        await SendAsync(HttpStatusCode.OK, Chat("hello", stream: true));
        await SendAsync(HttpStatusCode.OK, Chat("hello", model: "auto:free"), ("X-Title", Typed), ("x-request-id", Typed), ("x-freeway-include", "quota"));
        await SendAsync(HttpStatusCode.OK, Chat("hello"), ("Idempotency-Key", Typed));
        await SendAsync(HttpStatusCode.OK, Chat("hello"), ("Idempotency-Key", Typed));
        await SendAsync(HttpStatusCode.OK, Chat("hello", more: $"\"user\":\"{EndUser}\","), ("x-freeway-end-user", EndUser));
        foreach (var path in new[] { "quota", "activity", "usage" })
        {
            await gateway.GetAsync($"api/v1/{path}?end_user={EndUser}");
        }

        using var embedded = await gateway.PostAsync($$"""{"model":"demo/echo","input":"{{Prompt}}"}""", path: "api/v1/embeddings");
    }

    private async Task BrokenAsync()
    {
        await SendAsync(HttpStatusCode.UnprocessableEntity, Chat("please reject", model: "demo/echo"));
        foreach (var word in new[] { "drop", "break" })
        {
            using var answer = await gateway.PostAsync(Chat($"please {word}", stream: true, model: "demo/echo"));
            await Should.ThrowAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());
        }

        using var left = await gateway.PostAsync(Chat("hello", stream: true, model: "demo/echo"));
        left.Dispose();
        foreach (var word in new[] { "fail", "hang-up", "limit" })
        {
            using var answer = await gateway.PostAsync(Chat($"please {word}", model: "demo/echo"));
            ((int)answer.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        }

        // The upstream is left alone after its 429; by then it is not any more.
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
    }

    private async Task FormsAsync()
    {
        foreach (var path in new[] { "transcriptions", "translations" })
        {
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent([.. Sound.Wav(0.1), .. Encoding.UTF8.GetBytes(FileText)]), "file", FileName },
                { new StringContent("demo/echo"), "model" },
                { new StringContent(Prompt), "prompt" },
            };
            using var answer = await gateway.Http.PostAsync($"api/v1/audio/{path}", form);
        }

        using var broken = new StringContent(FileText, Encoding.UTF8, "multipart/form-data");
        using var refused = await gateway.Http.PostAsync("api/v1/audio/transcriptions", broken);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task RefusedAsync()
    {
        await SendAsync(HttpStatusCode.NotFound, Chat("hello", model: Typed));
        await SendAsync(HttpStatusCode.BadRequest, Chat("hello", model: "demo/echo:free:flex"));
        await SendAsync(HttpStatusCode.BadRequest, $"{{{Prompt}");
        await SendAsync(HttpStatusCode.BadRequest, Chat("hello", more: $"\"max_tokens\":\"{Typed}\","));
        await SendAsync(HttpStatusCode.RequestEntityTooLarge, Chat(new string('x', 60_000)));
        _otherKey = await gateway.NewKeyAsync("other");
        using var other = gateway.Client(_otherKey);
        for (var i = 0; i < 10; i++)
        {
            using var spent = await gateway.PostAsync(Chat("hello"), other);
        }

        using (var refused = await gateway.PostAsync(Chat("hello"), other))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        using (var poor = await gateway.PostAsync(Chat("hello", model: "demo/echo"), other))
        {
            poor.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        }

        foreach (var (key, status) in new[] { (UnknownKey, HttpStatusCode.Unauthorized), (await gateway.NewKeyAsync("closed", disabled: true), HttpStatusCode.Forbidden) })
        {
            using var client = gateway.Client(key);
            using var refused = await gateway.PostAsync(Chat("hello"), client);
            refused.StatusCode.ShouldBe(status);
        }

        foreach (var path in new[] { $"api/v1/{Typed}", $"{UnknownKey}?key={UnknownKey}", $"api/v1/quota/{Typed}", $"api/v1/models/{Typed}" })
        {
            using var answer = await gateway.Http.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        foreach (var path in new[] { "models", "quota", "key", "credits", "activity" })
        {
            using var answer = await gateway.Http.GetAsync($"api/v1/{path}?note={Typed}");
        }
    }

    private async Task OperatedAsync()
    {
        await gateway.TopUpAsync("other", "1", Typed);
        foreach (var (key, status) in new[] { (gateway.Host.AdminKey!, HttpStatusCode.OK), (WrongAdminKey, HttpStatusCode.Unauthorized), (gateway.Host.ApiKey!, HttpStatusCode.Forbidden) })
        {
            using var client = gateway.Client(key);
            foreach (var path in new[] { "resets", "upstreams" })
            {
                using var answer = await client.GetAsync($"api/v1/admin/{path}");
                answer.StatusCode.ShouldBe(status);
            }

            using var run = await client.PostAsync("api/v1/admin/resets", null);
            run.StatusCode.ShouldBe(status);
        }
    }

    /// <summary>Messages that are no records, put aside with a reason.</summary>
    private async Task QueueAsync()
    {
        await using var bus = new ServiceBusClient(gateway.Host.Broker!.ConnectionString);
        await using var sender = bus.CreateSender("activity");
        await sender.SendMessagesAsync([
            new ServiceBusMessage(Foreign), new ServiceBusMessage($"not {Foreign}"), new ServiceBusMessage($$"""{"id":"{{Foreign}}","{{Foreign}}":nul}"""),
        ]);
        await Eventually.TrueAsync(() => Task.FromResult(gateway.Host.Broker.Depth("activity").DeadLettered is 3));
    }

    private async Task SendAsync(HttpStatusCode status, string json, params (string Name, string Value)[] headers)
    {
        using var answer = await gateway.PostAsync(json, headers: headers);
        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }
}
