using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Freeway.Runner.Loopback;

/// <summary>Answers one request as its script says.</summary>
internal sealed class LoopbackAnswer(
    HttpContext http, LoopbackRequest request, LoopbackScript script, TimeProvider time, CancellationToken cancellation)
{
    private PipeWriter Body => http.Response.BodyWriter;

    public async Task WriteAsync()
    {
        await HoldAsync(LoopbackScript.BeforeHeaders);
        await PauseAsync(script.FirstByteDelay);
        foreach (var (name, value) in script.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (script.HangUp)
        {
            http.Abort();
        }
        else if (script.Error is { } status)
        {
            await ErrorAsync(http, status, LoopbackError.Of(status), script.RetryAfter ?? (status is 429 ? 1 : null));
        }
        else
        {
            await (request switch
            {
                { Chat: { } chat } => ChatAsync(chat),
                { Embeddings: { } embeddings } => WholeAsync(body => EmbeddingsJson.Write(body, embeddings, script)),
                _ => WholeAsync(body => ImagesJson.Write(body, request.Images!, script, time.GetUtcNow())),
            });
        }
    }

    public static async Task ErrorAsync(HttpContext http, int status, LoopbackError error, int? retryAfter = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        if (retryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        error.Write(http.Response.BodyWriter);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private Task ChatAsync(ChatTurn chat)
    {
        var text = LoopbackText.Of(chat, script);
        var json = new LoopbackJson(request, chat, text, script, time.GetUtcNow());
        return chat.Stream ? StreamAsync(chat, text, json) : WholeAsync(json.Completion);
    }

    private async Task WholeAsync(Action<IBufferWriter<byte>> write)
    {
        var body = new ArrayBufferWriter<byte>();
        write(body);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        if (script.Gate is not null && script.HoldAfter >= LoopbackScript.AfterHeaders)
        {
            await http.Response.StartAsync(cancellation);
            await Body.FlushAsync(cancellation);
            await HoldAsync(script.HoldAfter);
        }

        if (script.DropAfter is not null || script.ErrorAfter is not null)
        {
            await Body.WriteAsync(body.WrittenMemory[..(body.WrittenCount / 2)], cancellation);
            throw new LoopbackDropException();
        }

        await Body.WriteAsync(body.WrittenMemory, cancellation);
    }

    private async Task StreamAsync(ChatTurn chat, LoopbackText text, LoopbackJson json)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        await Body.FlushAsync(cancellation);
        await HoldAsync(LoopbackScript.AfterHeaders);
        if (await BreaksAsync(0))
        {
            return;
        }

        for (var index = 0; index < chat.Choices; index++)
        {
            json.FirstChunk(Body, index);
        }

        for (var index = 0; script.ToolCall is { } call && index < chat.Choices; index++)
        {
            json.ToolChunks(Body, index, call);
        }

        for (var piece = 0; script.ToolCall is null && piece < text.Pieces.Count; piece++)
        {
            await PauseAsync(script.Delay);
            for (var index = 0; index < chat.Choices; index++)
            {
                json.TextChunk(Body, index, piece);
            }

            await Body.FlushAsync(cancellation);
            await HoldAsync(piece + 1);
            if (await BreaksAsync(piece + 1))
            {
                return;
            }
        }

        for (var index = 0; index < chat.Choices; index++)
        {
            json.LastChunk(Body, index);
        }

        if (chat.IncludeUsage && script.Usage is not LoopbackUsage.None)
        {
            json.UsageChunk(Body);
        }

        Body.Write(script.Done ? "data: [DONE]\n\n"u8 : []);
        await Body.FlushAsync(cancellation);
    }

    /// <returns>Whether the stream has ended here.</returns>
    private async ValueTask<bool> BreaksAsync(int chunks)
    {
        if (script.DropAfter == chunks)
        {
            throw new LoopbackDropException();
        }

        if (script.ErrorAfter != chunks)
        {
            return false;
        }

        Body.Write("data: "u8);
        LoopbackError.Of(StatusCodes.Status500InternalServerError).Write(Body);
        Body.Write("\n\n"u8);
        await Body.FlushAsync(cancellation);
        return true;
    }

    private Task HoldAsync(int at) =>
        script.Gate is { } gate && script.HoldAfter == at ? gate.PassAsync(request, cancellation) : Task.CompletedTask;

    private Task PauseAsync(TimeSpan pause) => pause > TimeSpan.Zero ? Task.Delay(pause, time, cancellation) : Task.CompletedTask;
}
