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
            await (request.Turn switch
            {
                ChatTurn chat => ChatAsync(chat),
                CompletionTurn completion => CompletionAsync(completion),
                ResponsesTurn response => ResponseAsync(response),
                MessagesTurn message => MessageAsync(message),
                EmbeddingsTurn embeddings => WholeAsync(body => EmbeddingsJson.Write(body, embeddings, script)),
                ImagesTurn images => WholeAsync(body => ImagesJson.Write(body, images, script, time.GetUtcNow())),
                ModerationsTurn moderations => WholeAsync(body => ModerationsJson.Write(body, request, moderations)),
                SpeechTurn speech => SpeechAsync(speech),
                TranscriptionTurn audio => TranscriptAsync(audio),
                _ => throw new InvalidOperationException($"Nothing answers a {request.Turn?.GetType().Name}."),
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

        error.Write(http.Response.BodyWriter, asMessages: http.Request.Path == LoopbackTurn.MessagesPath);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private Task ChatAsync(ChatTurn chat)
    {
        var json = new LoopbackJson(request, chat, LoopbackText.Of(chat.UserText, chat.MaxWords, script), script, time.GetUtcNow());
        return chat.Stream ? StreamAsync(json) : WholeAsync(json.Whole);
    }

    private Task CompletionAsync(CompletionTurn completion)
    {
        var json = new CompletionJson(request, completion, script, time.GetUtcNow());
        return completion.Stream ? StreamAsync(json) : WholeAsync(json.Whole);
    }

    private Task ResponseAsync(ResponsesTurn response)
    {
        var text = LoopbackText.Of(response.UserText, response.MaxWords, script);
        var json = new ResponsesJson(request, response, text, script, time.GetUtcNow());
        return response.Stream ? StreamAsync(new ResponsesStream(json, text)) : WholeAsync(json.Whole);
    }

    private Task MessageAsync(MessagesTurn message)
    {
        var json = new MessagesJson(request, message, LoopbackText.Of(message.UserText, message.MaxWords, script), script);
        return message.Stream ? StreamAsync(json) : WholeAsync(json.Whole);
    }

    private Task SpeechAsync(SpeechTurn speech)
    {
        var text = LoopbackText.Of(speech.Input, mostWords: null, script);
        return StreamAsync(speech.Events ? new SpeechEvents(speech, text, script) : new SpeechAudio(speech, text));
    }

    private Task TranscriptAsync(TranscriptionTurn audio)
    {
        var transcript = new Transcript(request, audio, script);
        return audio.Stream ? StreamAsync(transcript) : WholeAsync(transcript.Whole, transcript.WholeType);
    }

    private async Task WholeAsync(Action<IBufferWriter<byte>> write, string contentType = "application/json")
    {
        var body = new ArrayBufferWriter<byte>();
        write(body);
        http.Response.ContentType = contentType;
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

    private async Task StreamAsync(ILoopbackStream stream)
    {
        http.Response.ContentType = stream.ContentType;
        http.Response.Headers.CacheControl = "no-cache";
        await Body.FlushAsync(cancellation);
        await HoldAsync(LoopbackScript.AfterHeaders);
        if (await BreaksAsync(stream, 0))
        {
            return;
        }

        stream.Begin(Body);
        for (var piece = 0; piece < stream.Pieces; piece++)
        {
            await PauseAsync(script.Delay);
            stream.Piece(Body, piece);
            await Body.FlushAsync(cancellation);
            await HoldAsync(piece + 1);
            if (await BreaksAsync(stream, piece + 1))
            {
                return;
            }
        }

        stream.End(Body);
        await Body.FlushAsync(cancellation);
    }

    /// <returns>Whether the stream has ended here.</returns>
    private async ValueTask<bool> BreaksAsync(ILoopbackStream stream, int chunks)
    {
        if (script.DropAfter == chunks
            || (script.ErrorAfter == chunks && !stream.Error(Body, LoopbackError.Of(StatusCodes.Status500InternalServerError))))
        {
            throw new LoopbackDropException();
        }

        if (script.ErrorAfter != chunks)
        {
            return false;
        }

        await Body.FlushAsync(cancellation);
        return true;
    }

    private Task HoldAsync(int at) =>
        script.Gate is { } gate && script.HoldAfter == at ? gate.PassAsync(request, cancellation) : Task.CompletedTask;

    private Task PauseAsync(TimeSpan pause) => pause > TimeSpan.Zero ? Task.Delay(pause, time, cancellation) : Task.CompletedTask;
}

/// <summary>
/// Thrown when an answer has begun, it makes the server send what was written and close the connection without the
/// end of the body. Aborting instead would lose what is not on the wire yet.
/// </summary>
internal sealed class LoopbackDropException() : Exception("The script says to drop the connection here.");
