using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;
using OpenAI;
using OpenAI.Chat;

namespace Freeway.FrontDoor.Tests.Clients;

/// <summary>The <c>OpenAI</c> package of NuGet. Left to itself it sleeps out any <c>Retry-After</c>, so its retries are set here.</summary>
public sealed class OpenAiDotNetTests
{
    [Theory]
    [InlineData("demo/echo:free", "echo")]
    [InlineData("sarvam/sarvam-105b:FREE", "sarvam-105b")]
    public async Task Chat_OfAFreeSlug_IsAnswered(string slug, string upstreamModel)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await Client(gateway).GetChatClient(slug).CompleteChatAsync("say it back");

        answer.Value.Content[0].Text.ShouldBe("say it back");
        answer.Value.FinishReason.ShouldBe(ChatFinishReason.Stop);
        answer.Value.Usage.TotalTokenCount.ShouldBeGreaterThan(0);
        answer.GetRawResponse().Headers.TryGetValue("x-freeway-tier", out var tier).ShouldBeTrue();
        tier.ShouldBe("free");
        gateway.Upstream.Requests.ShouldHaveSingleItem().Chat!.Model.ShouldBe(upstreamModel);
    }

    [Fact]
    public async Task Stream_OfAFreeSlug_IsWholeAndEndsWithItsUsage()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (text, usage, finish) = ("", default(ChatTokenUsage), default(ChatFinishReason?));

        await foreach (var chunk in Client(gateway).GetChatClient("demo/echo:free").CompleteChatStreamingAsync("word by word"))
        {
            text += Text(chunk);
            (usage, finish) = (chunk.Usage ?? usage, chunk.FinishReason ?? finish);
        }

        text.ShouldBe("word by word");
        finish.ShouldBe(ChatFinishReason.Stop);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("completion_tokens").GetInt32().ShouldBe(usage!.OutputTokenCount);
        record.GetProperty("total_tokens").GetInt32().ShouldBe(usage.TotalTokenCount);
    }

    [Fact]
    public async Task Stream_WhoseUpstreamHasNotFinished_ShowsWhatThereIs()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = 1, Text = "first second" });
        var text = "";

        await foreach (var chunk in Client(gateway).GetChatClient("demo/echo:free").CompleteChatStreamingAsync("hello there"))
        {
            text += Text(chunk);
            if (text is "first")
            {
                gate.Open();
            }
        }

        text.ShouldBe("first second");
    }

    [Fact]
    public async Task Tool_OfARequest_ReachesTheUpstreamAsItIs()
    {
        await using var gateway = await TestGateway.StartAsync();
        var parameters = BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("weather", "What the weather is like", parameters) },
            ToolChoice = ChatToolChoice.CreateRequiredChoice(),
        };

        await Client(gateway).GetChatClient("demo/echo:free").CompleteChatAsync([new UserChatMessage("hello there")], options);

        using var sent = JsonDocument.Parse(gateway.Upstream.Requests.ShouldHaveSingleItem().Body);
        sent.RootElement.GetProperty("tool_choice").GetString().ShouldBe("required");
        var function = sent.RootElement.GetProperty("tools")[0].GetProperty("function");
        function.GetProperty("name").GetString().ShouldBe("weather");
        function.GetProperty("parameters").GetRawText().ShouldBe(parameters.ToString());
    }

    [Fact]
    public async Task Models_Listed_AreThoseOfTheCatalogue()
    {
        await using var gateway = await TestGateway.StartAsync();

        var models = (await Client(gateway).GetOpenAIModelClient().GetModelsAsync()).Value;

        models.Select(model => model.Id).ShouldBe(
            ["demo/echo", "demo/paid", "sarvam/bulbul:v2", "sarvam/saaras:v3", "sarvam/sarvam-105b", "sarvam/sarvam-30b"], ignoreOrder: true);
        models.ShouldAllBe(model => model.OwnedBy.Length > 0);
    }

    [Fact]
    public async Task Refusal_ThatTheClientRetries_CostsNothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free");
        var retries = new RetryAtOnce(3);

        var refused = await Should.ThrowAsync<ClientResultException>(
            async () => await Client(gateway, retries).GetChatClient("demo/echo:free").CompleteChatAsync("hello there"));

        refused.Status.ShouldBe(429);
        retries.Retries.ShouldBe(3);
        gateway.Upstream.Received.ShouldBe(10);
        var row = await Eventually.GetAsync(async () => (await gateway.LedgerAsync("quota|fastrouter")).Single(), seen => seen.GetInt64("Reserved") is 0);
        row.GetInt64("Used").ShouldBe(10);
    }

    private static OpenAIClient Client(TestGateway gateway, ClientRetryPolicy? retries = null) => new(
        new ApiKeyCredential(gateway.ApiKey),
        new OpenAIClientOptions { Endpoint = new Uri(gateway.Host.Url, "api/v1"), RetryPolicy = retries ?? new ClientRetryPolicy(maxRetries: 0) });

    private static string Text(StreamingChatCompletionUpdate chunk) => string.Concat(chunk.ContentUpdate.Select(part => part.Text));

    private sealed class RetryAtOnce(int retries) : ClientRetryPolicy(retries)
    {
        public int Retries { get; private set; }

        protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
        {
            Retries++;
            return TimeSpan.Zero;
        }
    }
}
