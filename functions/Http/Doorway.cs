using System.Text.Json.Serialization.Metadata;
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

/// <summary>What all HTTP doors share: the request's id, who calls, and how values and refusals are written.</summary>
public sealed class Doorway(Authenticator authenticator, AdminKey admin, GatewayOptions options, IdSource ids, TimeProvider clock, ILogger<Doorway> logger)
{
    private static readonly EmptyResult Answered = new();

    /// <summary>Runs an inference request; everything that is written goes through its exchange.</summary>
    internal async Task<IActionResult> InferAsync(HttpRequest request, Surface surface, Func<IExchange, Task> run)
    {
        var http = request.HttpContext;
        using var exchange = new HttpExchange(http, surface, Identify(http.Response), options, clock);
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
            request.HttpContext.Response, json, caller.Accepted(out var known, out var refusal) ? await find(known, gone) : refusal, gone);
    }

    /// <summary>Answers the operator.</summary>
    internal async Task<IActionResult> AdministerAsync<T>(
        HttpRequest request, JsonTypeInfo<T> json, Func<CancellationToken, Task<Decision<T>>> run)
        where T : notnull
    {
        var gone = request.HttpContext.RequestAborted;
        return await WriteAsync(
            request.HttpContext.Response, json, admin.Refuse(Secrets.Of(request)) is { } refusal ? refusal : await run(gone), gone);
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

    /// <summary>Answers 200 where every check is fine, else 503.</summary>
    internal async Task<IActionResult> ReportAsync(HttpRequest request, Func<CancellationToken, Task<IReadOnlyDictionary<string, string>>> check)
    {
        var response = request.HttpContext.Response;
        Identify(response);
        var checks = await check(request.HttpContext.RequestAborted);
        var well = checks.Values.All(answer => answer is Readiness.Ok);
        response.StatusCode = well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await response.WriteAsJsonAsync(new HealthReport(well ? Readiness.Ok : "unavailable", checks), PlainJson.Api.HealthReport);
        return Answered;
    }

    private async Task<IActionResult> WriteAsync<T>(HttpResponse response, JsonTypeInfo<T> json, Decision<T> decision, CancellationToken gone)
        where T : notnull
    {
        Identify(response);
        if (decision.Accepted(out var value, out var refusal))
        {
            response.Headers.CacheControl = "no-store";
            await response.WriteAsJsonAsync(value, json, cancellationToken: gone);
        }
        else
        {
            await RefusalAnswer.WriteAsync(response, refusal, clock.GetUtcNow());
        }

        return Answered;
    }

    private string Identify(HttpResponse response)
    {
        var id = ids.Next();
        response.Headers["x-request-id"] = id;
        return id;
    }
}
