using System.Text.Json.Serialization.Metadata;
using Freeway.Functions.Http.Manners;
using Freeway.Functions.Settings;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Freeway.Functions.Http;

/// <summary>What all HTTP doors share: who calls, and how values and refusals are written.</summary>
public sealed class Doorway(Authenticator authenticator, Operators operators, GatewayOptions options, TimeProvider clock, ILogger<Doorway> logger)
{
    private static readonly EmptyResult Answered = new();

    /// <summary>Runs an inference request; everything that is written goes through its exchange.</summary>
    internal async Task<IActionResult> InferAsync(HttpRequest request, Surface surface, Func<IExchange, Task> run)
    {
        var http = request.HttpContext;
        using var exchange = new HttpExchange(http, surface, RequestIdentity.Of(http), options, clock);
        try
        {
            await run(exchange);
        }
        catch (Exception left) when (http.RequestAborted.IsCancellationRequested && left is OperationCanceledException or IOException)
        {
            // Nobody is there to answer.
        }
        catch (BadHttpRequestException broken)
        {
            await exchange.RefuseAsync(Refuse.InvalidJson(broken.Message));
        }
        catch (Exception bug) when (!http.Response.HasStarted)
        {
            DoorwayLog.RequestFailed(logger, exchange.RequestId, bug);
            await exchange.RefuseAsync(Refuse.InternalError());
        }

        return exchange.IsBroken && !http.RequestAborted.IsCancellationRequested ? throw new BrokenAnswerException() : Answered;
    }

    /// <summary>Answers a caller who asks for something to read.</summary>
    internal async Task<IActionResult> AnswerAsync<T>(
        HttpRequest request, JsonTypeInfo<T> json, Func<Caller, CancellationToken, Task<Decision<T>>> find)
        where T : notnull
    {
        var gone = request.HttpContext.RequestAborted;
        var caller = await authenticator.AuthenticateAsync(Secrets.Of(request), gone);
        return await WriteAsync(
            request.HttpContext.Response, json, caller.Accepted(out var known, out var refusal) ? await find(known, gone) : refusal);
    }

    /// <summary>Answers an operator whose management key has this scope.</summary>
    internal async Task<IActionResult> AdministerAsync<T>(
        HttpRequest request, AdminScope scope, JsonTypeInfo<T> json, Func<Operator, CancellationToken, Task<Decision<T>>> run)
        where T : notnull
    {
        var gone = request.HttpContext.RequestAborted;
        return await WriteAsync(
            request.HttpContext.Response,
            json,
            (await operators.AuthenticateAsync(Secrets.Of(request), scope, gone)).Accepted(out var known, out var refusal) ? await run(known, gone) : refusal);
    }

    /// <summary>The whole of a JSON body, within the bounds that hold for all doors.</summary>
    internal async Task<Decision<ReadOnlyMemory<byte>>> ReadBodyAsync(HttpRequest request, CancellationToken gone)
    {
        try
        {
            return HeaderSize.Of(request) > options.MaxHeaderBytes
                ? Refuse.RequestHeadersTooLarge(options.MaxHeaderBytes)
                : await BodyReading.ReadAsync(request, options.MaxRequestBytes, gone);
        }
        catch (BadHttpRequestException broken)
        {
            return Refuse.InvalidJson(broken.Message);
        }
    }

    /// <summary>Answers 200 where it can serve, also while alarms are on, else 503.</summary>
    internal static async Task<IActionResult> ReportAsync(HttpRequest request, HealthReport report)
    {
        var response = request.HttpContext.Response;
        response.StatusCode = report.Status is ReadinessCard.Unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await JsonAnswer.WriteAsync(response, report, PlainJson.Api.HealthReport);
        return Answered;
    }

    /// <summary>Answers nothing but a refusal.</summary>
    internal async Task<IActionResult> RefuseAsync(HttpRequest request, Refusal refusal)
    {
        await RefusalAnswer.WriteAsync(request.HttpContext.Response, refusal, clock.GetUtcNow());
        return Answered;
    }

    /// <summary>Runs a door; where it fails with nothing sent, the caller still gets an error of our shape.</summary>
    internal async Task GuardAsync(HttpContext http, Func<Task> door)
    {
        try
        {
            await door();
        }
        catch (Exception bug) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested && bug is not BrokenAnswerException)
        {
            DoorwayLog.DoorFailed(logger, RequestIdentity.Of(http).Id, http.Request.Path, bug);
            await RefuseAsync(http.Request, Refuse.InternalError());
        }
    }

    private async Task<IActionResult> WriteAsync<T>(HttpResponse response, JsonTypeInfo<T> json, Decision<T> decision)
        where T : notnull
    {
        if (decision.Accepted(out var value, out var refusal))
        {
            response.Headers.CacheControl = "no-store";
            await JsonAnswer.WriteAsync(response, value, json);
        }
        else
        {
            await RefusalAnswer.WriteAsync(response, refusal, clock.GetUtcNow());
        }

        return Answered;
    }
}
