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
    private static readonly BinaryData Place = BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");

    public async Task<MatrixSeen> PlayAsync(MatrixCall call, CancellationToken patience)
    {
        var client = new OpenAIClient(new ApiKeyCredential(call.Secret), new OpenAIClientOptions { Endpoint = call.Url, RetryPolicy = retries });
        var chat = client.GetChatClient(call.Scenario.Model);
        var text = "";
        try
        {
            return call.Scenario.Does switch
            {
                "chat" => Answered(await chat.CompleteChatAsync([new UserChatMessage(call.Text)], cancellationToken: patience)),
                "stream" => await StreamAsync(),
                "tools" => await ToolsAsync(chat, call, streamed: false, patience),
                "toolsStream" => await ToolsAsync(chat, call, streamed: true, patience),
                "object" => await ObjectAsync(chat, call, patience),
                _ => await EmbedAsync(client.GetEmbeddingClient(call.Scenario.Model), call, patience),
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
            await foreach (var chunk in chat.CompleteChatStreamingAsync([new UserChatMessage(call.Text)], cancellationToken: patience))
            {
                text += string.Concat(chunk.ContentUpdate.Select(part => part.Text));
                tokens = chunk.Usage?.TotalTokenCount ?? tokens;
            }

            return new MatrixSeen("answered", text) { Tokens = tokens };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<MatrixSeen> ToolsAsync(ChatClient chat, MatrixCall call, bool streamed, CancellationToken cancellation)
    {
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("weather", "What the weather is like", Place) } };
        var messages = new List<ChatMessage> { new UserChatMessage(call.Text) };
        var tools = streamed
            ? await CallsAsync(chat.CompleteChatStreamingAsync(messages, options, cancellation))
            : (await chat.CompleteChatAsync(messages, options, cancellation)).Value.ToolCalls;
        messages.Add(new AssistantChatMessage(tools));
        foreach (var tool in tools)
        {
            using var arguments = JsonDocument.Parse(tool.FunctionArguments);
            messages.Add(new ToolChatMessage(tool.Id, $"sunny in {arguments.RootElement.GetProperty("city").GetString()}"));
        }

        return Answered(await chat.CompleteChatAsync(messages, options, cancellation));
    }

    private static async Task<IReadOnlyList<ChatToolCall>> CallsAsync(IAsyncEnumerable<StreamingChatCompletionUpdate> chunks)
    {
        var calls = new SortedDictionary<int, (string Id, string Name, string Arguments)>();
        await foreach (var part in chunks.SelectMany(chunk => chunk.ToolCallUpdates))
        {
            var begun = calls.GetValueOrDefault(part.Index);
            calls[part.Index] = (part.ToolCallId ?? begun.Id, part.FunctionName ?? begun.Name, begun.Arguments + part.FunctionArgumentsUpdate);
        }

        return [.. calls.Values.Select(call => ChatToolCall.CreateFunctionToolCall(call.Id, call.Name, BinaryData.FromString(call.Arguments)))];
    }

    private static async Task<MatrixSeen> ObjectAsync(ChatClient chat, MatrixCall call, CancellationToken cancellation)
    {
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("place", Place) };
        var answer = (await chat.CompleteChatAsync([new UserChatMessage(call.Text)], options, cancellation)).Value;
        using var place = JsonDocument.Parse(answer.Content[0].Text);
        return new MatrixSeen("answered", place.RootElement.GetProperty("city").GetString()!);
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
