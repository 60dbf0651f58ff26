using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Runner.Clock;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Hosting.Timers;
using Microsoft.AspNetCore.Http;

namespace Freeway.Runner.Hosting.Http;

/// <summary>
/// The host's own <c>/admin/clock</c>, where the clock is a <see cref="ManualClock"/>: <c>GET</c> says what it shows,
/// <c>POST</c> moves it forward and answers when the timers that fell due have run. The functions know nothing of it.
/// </summary>
internal sealed class ClockEndpoint(ManualClock clock, TimerPump timers, AfterAnswers answers, HostKeys keys)
{
    public const string Path = "/admin/clock";

    private const string Bearer = "Bearer ";

    /// <summary>Far more than a move takes; a longer body is refused unread.</summary>
    private const int LongestBody = 1024;

    // One move at a time: the second is judged by what the clock shows after the first.
    private readonly AsyncLock _turn = new();

    /// <summary>Answers a <c>GET</c> or a <c>POST</c>.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        if (!keys.OpensAdmin(HostKeys.Of(http.Request) ?? BearerOf(http.Request)))
        {
            await RefuseAsync(
                http, StatusCodes.Status401Unauthorized, "invalid_api_key",
                "Give the admin key that the runner printed: Authorization: Bearer …, or x-functions-key.", null);
        }
        else if (HttpMethods.IsGet(http.Request.Method))
        {
            await WriteAsync(http, json => WriteState(json));
        }
        else
        {
            await MoveAsync(http, await BodyAsync(http.Request));
        }
    }

    private async Task MoveAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        using (await _turn.EnterAsync(http.RequestAborted))
        {
            var was = clock.GetUtcNow();
            var move = ClockMove.Read(body, was);
            if (move.Target is not { } target)
            {
                await RefuseAsync(http, StatusCodes.Status400BadRequest, "invalid_request", move.Error!, move.Param);
                return;
            }

            // What was answered before is recorded before: a move shortens waits, those for the queue too.
            await answers.EndedAsync().WaitAsync(http.RequestAborted);

            // Finished also where the caller leaves: a clock that stopped half-way would surprise the next.
            var runs = await timers.AdvanceAsync(clock, target);
            await WriteAsync(http, json =>
            {
                json.WriteString("was", ClockMoment.Write(was));
                WriteState(json);
                WriteRuns(json, runs);
            });
        }
    }

    private void WriteState(Utf8JsonWriter json)
    {
        json.WriteString("now", ClockMoment.Write(clock.GetUtcNow()));
        json.WriteStartArray("timers");
        foreach (var (name, next) in timers.Upcoming)
        {
            json.WriteStartObject();
            json.WriteString("timer", name);
            json.WriteString("next", ClockMoment.Write(next));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRuns(Utf8JsonWriter json, IReadOnlyList<TimerRun> runs)
    {
        json.WriteStartArray("ran");
        foreach (var run in runs)
        {
            json.WriteStartObject();
            json.WriteString("timer", run.Timer);
            json.WriteString("due", ClockMoment.Write(run.Due));
            json.WriteString("at", ClockMoment.Write(run.At));
            json.WriteString("error", run.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static Task RefuseAsync(HttpContext http, int status, string code, string message, string? param)
    {
        http.Response.StatusCode = status;
        return WriteAsync(http, json =>
        {
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteString(
                "type", status is StatusCodes.Status401Unauthorized ? "authentication_error" : "invalid_request_error");
            json.WriteString("param", param);
            json.WriteEndObject();
        });
    }

    private static async Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }

    /// <summary>Empty, which is no JSON, where the body is too long to be a move.</summary>
    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request)
    {
        var body = new byte[LongestBody + 1];
        var gone = request.HttpContext.RequestAborted;
        var read = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, gone);
        return read <= LongestBody ? body.AsMemory(0, read) : default;
    }

    private static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : null;
}
