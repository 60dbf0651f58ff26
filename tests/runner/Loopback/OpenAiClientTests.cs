using System.ClientModel;
using System.Text;
using Freeway.Runner.Loopback;
using OpenAI;
using OpenAI.Chat;

namespace Freeway.Runner.Tests.Loopback;

public sealed class OpenAiClientTests
{
    [Fact]
    public async Task OpenAiClient_NotStreamed_ReadsTheAnswer()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);

        ChatCompletion answer = await Client(upstream).CompleteChatAsync("hello world");

        answer.Content[0].Text.ShouldBe("hello world");
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        answer.Usage.TotalTokenCount.ShouldBe(4);
    }

    [Fact]
    public async Task OpenAiClient_Streamed_ReadsTheAnswerAndItsUsage()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);
        var (text, usage, finish) = ("", default(ChatTokenUsage), default(ChatFinishReason?));

        await foreach (var chunk in Client(upstream).CompleteChatStreamingAsync("hello world"))
        {
            text += string.Concat(chunk.ContentUpdate.Select(part => part.Text));
            (usage, finish) = (chunk.Usage ?? usage, chunk.FinishReason ?? finish);
        }

        text.ShouldBe("hello world");
        usage!.OutputTokenCount.ShouldBe(2);
        finish.ShouldBe(ChatFinishReason.Stop);
    }

    [Fact]
    public async Task OpenAiClient_ScriptedError_ReadsItsCode()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);

        var refused = await Should.ThrowAsync<ClientResultException>(async () => await Client(upstream).CompleteChatAsync("/script error=400"));

        refused.Status.ShouldBe(400);
        refused.Message.ShouldContain("invalid_request_error");
    }

    [Fact]
    public async Task OpenAiClient_Embeddings_ReadsTheVectorsAndTheirUsage()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);

        var answer = (await OpenAi(upstream).GetEmbeddingClient("echo").GenerateEmbeddingsAsync(["hello world", "again"])).Value;

        answer.Select(one => one.ToFloats().Length).ShouldBe([8, 8]);
        answer.Usage.InputTokenCount.ShouldBe(3);
    }

    [Fact]
    public async Task OpenAiClient_Images_ReadsThem()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);

        var answer = (await OpenAi(upstream).GetImageClient("echo").GenerateImagesAsync("a cat", 2)).Value;

        answer.Select(one => Encoding.Latin1.GetString(one.ImageBytes.ToArray(), 1, 3)).ShouldBe(["PNG", "PNG"]);
    }

    private static ChatClient Client(LoopbackUpstream upstream) => OpenAi(upstream).GetChatClient("echo");

    private static OpenAIClient OpenAi(LoopbackUpstream upstream) =>
        new(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(upstream.BaseUrl) });
}
