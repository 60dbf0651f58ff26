using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>The <c>OpenAI</c> package of NuGet.</summary>
/// <param name="retries">Null for those that it has by itself.</param>
public sealed class DotNetPlayer(ClientRetryPolicy? retries) : IMatrixClient
{
    public async Task<MatrixSeen> PlayAsync(MatrixCall call)
    {
        using var patience = new CancellationTokenSource(MatrixCall.Patience);
        var client = new OpenAIClient(new ApiKeyCredential(call.Secret), new OpenAIClientOptions { Endpoint = call.Url, RetryPolicy = retries });
        var chat = client.GetChatClient(call.Scenario.Model);
        var text = "";
        try
        {
            return call.Scenario.Does switch
            {
                "chat" => Answered(await chat.CompleteChatAsync([new UserChatMessage(call.Text)], cancellationToken: patience.Token)),
                "stream" => await StreamAsync(),
                "tools" => Answered(await ToolsAsync(chat, call, patience.Token)),
                _ => await EmbedAsync(client.GetEmbeddingClient(call.Scenario.Model), call, patience.Token),
            };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new MatrixSeen("waiting", text);
        }
        catch (Exception error)
        {
            return new MatrixSeen("error", text) { Error = Described(error, call.Scenario.Code) };
        }

        async Task<MatrixSeen> StreamAsync()
        {
            var tokens = default(int?);
            await foreach (var chunk in chat.CompleteChatStreamingAsync([new UserChatMessage(call.Text)], cancellationToken: patience.Token))
            {
                text += string.Concat(chunk.ContentUpdate.Select(part => part.Text));
                tokens = chunk.Usage?.TotalTokenCount ?? tokens;
            }

            return new MatrixSeen("answered", text) { Tokens = tokens };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<ChatCompletion> ToolsAsync(ChatClient chat, MatrixCall call, CancellationToken cancellation)
    {
        var parameters = BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("weather", "What the weather is like", parameters) } };
        var messages = new List<ChatMessage> { new UserChatMessage(call.Text) };
        var question = (await chat.CompleteChatAsync(messages, options, cancellation)).Value;
        messages.Add(new AssistantChatMessage(question));
        foreach (var tool in question.ToolCalls)
        {
            using var arguments = JsonDocument.Parse(tool.FunctionArguments);
            messages.Add(new ToolChatMessage(tool.Id, $"sunny in {arguments.RootElement.GetProperty("city").GetString()}"));
        }

        return await chat.CompleteChatAsync(messages, options, cancellation);
    }

    private static async Task<MatrixSeen> EmbedAsync(EmbeddingClient embeddings, MatrixCall call, CancellationToken cancellation) =>
        new("answered", "") { Numbers = (await embeddings.GenerateEmbeddingAsync(call.Text, cancellationToken: cancellation)).Value.ToFloats().Length };

    private static MatrixSeen Answered(ChatCompletion answer) => new("answered", answer.Content[0].Text) { Tokens = answer.Usage.TotalTokenCount };

    private static MatrixError Described(Exception error, string? code)
    {
        var refused = error as ClientResultException;
        var body = refused?.GetRawResponse()?.Content.ToString() ?? "";
        return new MatrixError(
            error.GetType().Name,
            refused?.Status,
            code is not null && error.Message.Contains(code, StringComparison.Ordinal) ? "Message" : null,
            body.Contains("\"reset_at\":", StringComparison.Ordinal) ? "GetRawResponse().Content" : null,
            error.Message);
    }
}
