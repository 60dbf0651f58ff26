using System.Text.Json.Serialization.Metadata;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Functions.Settings;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Freeway.Functions.Http.Endpoints;

/// <summary>
/// Runs the HTTP endpoints: authenticates the caller or the operator, reads what was sent, and writes the value or the
/// refusal that the handler answers with.
/// </summary>
public sealed class HttpEndpointRunner(
    Authenticator authenticator, OperatorAuthenticator operators, GatewayOptions options, LedgerOptions ledger,
    TimeProvider clock, ILogger<HttpEndpointRunner> logger)
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
        catch (Exception left) when (
            http.RequestAborted.IsCancellationRequested && left is OperationCanceledException or IOException)
        {
            // Nobody is there to answer.
        }
        catch (BadHttpRequestException broken)
        {
            await exchange.RefuseAsync(BodyReading.Refusal(broken));
        }
        catch (Exception bug) when (!http.Response.HasStarted)
        {
            HttpEndpointLog.RequestFailed(logger, exchange.RequestId, bug);
            await exchange.RefuseAsync(Refuse.InternalError());
        }

        return exchange.IsBroken && !http.RequestAborted.IsCancellationRequested ? throw new BrokenResponseException(exchange.RequestId) : Answered;
    }

    /// <summary>Answers a caller who asks for something to read.</summary>
    internal async Task<IActionResult> AnswerAsync<T>(
        HttpRequest request, JsonTypeInfo<T> json, Func<Caller, CancellationToken, Task<Result<T>>> find)
        where T : notnull
    {
        var gone = request.HttpContext.RequestAborted;
        var caller = await authenticator.AuthenticateAsync(Secrets.Of(request), Waits(), gone);
        return await WriteAsync(
            request.HttpContext.Response, json, caller.Accepted(out var known, out var refusal) ? await find(
                known, gone) : refusal);
    }

    /// <summary>Answers an operator whose management key has this scope.</summary>
    internal async Task<IActionResult> AdministerAsync<T>(
        HttpRequest request, AdminScope scope, JsonTypeInfo<T> json, Func<Operator, CancellationToken, Task<Result<T>>> run)
        where T : notnull =>
        await WriteAsync(request.HttpContext.Response, json, await OperateAsync(request, scope, run));

    /// <summary>Answers an operator with one document and its <c>ETag</c>.</summary>
    internal async Task<IActionResult> ShowAsync<T>(
        HttpRequest request, AdminScope scope, JsonTypeInfo<T> json, Func<Operator, CancellationToken, Task<Result<DocumentResult<T>>>> find)
        where T : notnull =>
        await WriteRevisedAsync(request.HttpContext.Response, json, await OperateAsync(request, scope, find), null);

    /// <summary>
    /// Does what an operator asks for: reads the body, <c>If-Match</c> and <c>Idempotency-Key</c>, and answers with the
    /// document and its <c>ETag</c>, a repeat marked as such.
    /// </summary>
    /// <param name="id">
    /// The id of what was created, which is then the last part of <c>Location</c>; null where nothing is created.
    /// </param>
    internal async Task<IActionResult> CommandAsync<T>(
        HttpRequest request, AdminScope scope, JsonTypeInfo<T> json, Func<AdminCommand, CancellationToken, Task<Result<DocumentResult<T>>>> run, Func<T, string>? id = null)
        where T : notnull =>
        await WriteRevisedAsync(request.HttpContext.Response, json, await OrderAsync(request, scope, run), id);

    /// <summary>Does what an operator asks for, and answers 204: there is no document to show.</summary>
    internal async Task<IActionResult> CommandAsync(
        HttpRequest request, AdminScope scope, Func<AdminCommand, CancellationToken, Task<Result<CommandResult>>> run)
    {
        var response = request.HttpContext.Response;
        if ((await OrderAsync(request, scope, run)).Accepted(out var done, out var refusal))
        {
            Mark(response, done.IsReplay);
            response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await RefusalResponseWriter.WriteAsync(response, refusal, clock.GetUtcNow());
        }

        return Answered;
    }

    /// <summary>Answers a caller who asks for a list: a page of it as JSON, or all of it as CSV.</summary>
    internal async Task<IActionResult> ListAsync<T>(
        HttpRequest request, JsonTypeInfo<Page<T>> json, CsvTable<T> csv, Func<Caller, Result<Listing<T>>> find)
    {
        var gone = request.HttpContext.RequestAborted;
        var caller = await authenticator.AuthenticateAsync(Secrets.Of(request), Waits(), gone);
        return await WriteAsync(
            request, json, csv, caller.Accepted(out var known, out var refusal) ? find(known) : refusal);
    }

    /// <summary>Answers an operator who may read with a list: a page of it as JSON, or all of it as CSV.</summary>
    internal async Task<IActionResult> AdministerListAsync<T>(
        HttpRequest request, JsonTypeInfo<Page<T>> json, CsvTable<T> csv, Func<CancellationToken, Task<Result<Listing<T>>>> find) =>
        await WriteAsync(request, json, csv, await OperateAsync(request, AdminScope.Read, (_, gone) => find(gone)));

    /// <summary>
    /// Does what a caller asks for about its own: reads the body and <c>Idempotency-Key</c>, and answers with the
    /// document.
    /// </summary>
    /// <param name="who">Who asks, to the audit.</param>
    /// <param name="id">As of <see cref="CommandAsync{T}"/>.</param>
    internal async Task<IActionResult> OwnCommandAsync<T>(
        HttpRequest request, JsonTypeInfo<T> json, Func<Caller, Operator> who,
        Func<Caller, AdminCommand, CancellationToken, Task<Result<DocumentResult<T>>>> run, Func<T, string>? id = null)
        where T : notnull
    {
        var gone = request.HttpContext.RequestAborted;
        var caller = await authenticator.AuthenticateAsync(Secrets.Of(request), Waits(), gone);
        var decision = !caller.Accepted(out var known, out var refusal)
            ? refusal
            : await GuardStorageAsync(request, async () =>
                (await ReadCommandAsync(request, who(known), gone)).Accepted(out var command, out var wrong)
                    ? await run(known, command, gone)
                    : wrong);
        return await WriteRevisedAsync(request.HttpContext.Response, json, decision, id);
    }

    /// <summary>Answers anybody: reads the body, and asks for no key.</summary>
    internal async Task<IActionResult> OpenAsync<T>(
        HttpRequest request, JsonTypeInfo<T> json,
        Func<ReadOnlyMemory<byte>, CancellationToken, Task<Result<T>>> run)
        where T : notnull
    {
        var gone = request.HttpContext.RequestAborted;
        var decision = await GuardStorageAsync(request, async () =>
            !(await ReadBodyAsync(request, gone)).Accepted(out var body, out var refusal) ? refusal
            : JsonTextValidator.Check(body.Span) is { } broken ? broken
            : await run(body, gone));
        return await WriteAsync(request.HttpContext.Response, json, decision);
    }

    /// <summary>Does what a caller asks for, and answers 204: there is no document to show.</summary>
    internal async Task<IActionResult> OwnCommandAsync(
        HttpRequest request, Func<Caller, CancellationToken, Task<Result<CommandResult>>> run)
    {
        var (response, gone) = (request.HttpContext.Response, request.HttpContext.RequestAborted);
        var caller = await authenticator.AuthenticateAsync(Secrets.Of(request), Waits(), gone);
        var decision = caller.Accepted(out var known, out var refusal)
            ? await GuardStorageAsync(request, () => run(known, gone))
            : refusal;
        if (decision.Accepted(out _, out refusal))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return Answered;
        }

        return await RefuseAsync(request, refusal);
    }

    /// <summary>Reads the whole of a JSON body, within the bounds that hold for all endpoints.</summary>
    internal async Task<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(HttpRequest request, CancellationToken gone)
    {
        try
        {
            return HeaderSize.Of(request) > options.MaxHeaderBytes
                ? Refuse.RequestHeadersTooLarge(options.MaxHeaderBytes)
                : await BodyReading.ReadAsync(request, options.MaxRequestBytes, gone);
        }
        catch (BadHttpRequestException broken)
        {
            return BodyReading.Refusal(broken);
        }
    }

    /// <summary>Answers 200 where it can serve, also while alarms are on, else 503.</summary>
    internal static async Task<IActionResult> ReportAsync(HttpRequest request, HealthReport report)
    {
        var response = request.HttpContext.Response;
        response.StatusCode = report.Status is ReadinessResponse.Unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await JsonResponse.WriteAsync(response, report, PlainJson.Api.HealthReport);
        return Answered;
    }

    /// <summary>Answers nothing but a refusal.</summary>
    internal async Task<IActionResult> RefuseAsync(HttpRequest request, Refusal refusal)
    {
        await RefusalResponseWriter.WriteAsync(request.HttpContext.Response, refusal, clock.GetUtcNow());
        return Answered;
    }

    /// <summary>
    /// Runs a function; where it fails with nothing sent, the caller still gets an error of our shape.
    /// </summary>
    internal async Task GuardAsync(HttpContext http, Func<Task> function)
    {
        try
        {
            await function();
        }
        catch (Exception bug) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested && bug is not BrokenResponseException)
        {
            HttpEndpointLog.FunctionFailed(
                logger, RequestIdentity.Of(http).Id, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, bug);
            await RefuseAsync(http.Request, Refuse.InternalError());
        }
    }

    /// <summary>Limits how long the look-up of a key may take.</summary>
    private WaitBudget Waits() => new(ledger.ReserveDeadline, clock);

    private Task<Result<T>> OperateAsync<T>(
        HttpRequest request, AdminScope scope, Func<Operator, CancellationToken, Task<Result<T>>> run)
        where T : notnull =>
        GuardStorageAsync(request, async () =>
        {
            var gone = request.HttpContext.RequestAborted;
            var asked = await operators.AuthenticateAsync(Secrets.Of(request), scope, Waits(), gone);
            return asked.Accepted(out var known, out var refusal)
                ? await run(known, gone)
                : refusal;
        });

    /// <summary>Runs a handler; where storage gives no answer, that is refused as what it was: a look or a change.</summary>
    private static async Task<Result<T>> GuardStorageAsync<T>(HttpRequest request, Func<Task<Result<T>>> run)
        where T : notnull
    {
        try
        {
            return await run();
        }
        catch (IOException) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
                ? Refuse.CannotBeRead(RefusalCode.StorageUnavailable)
                : Refuse.StorageUnavailable();
        }
    }

    private Task<Result<T>> OrderAsync<T>(
        HttpRequest request, AdminScope scope, Func<AdminCommand, CancellationToken, Task<Result<T>>> run)
        where T : notnull =>
        OperateAsync(request, scope, async (known, gone) =>
            (await ReadCommandAsync(request, known, gone)).Accepted(out var command, out var refusal)
                ? await run(command, gone)
                : refusal);

    private async Task<Result<AdminCommand>> ReadCommandAsync(
        HttpRequest request, Operator by, CancellationToken gone) =>
        (await ReadBodyAsync(request, gone)).Accepted(out var body, out var refusal)
        && ConditionalHeaders.Read(request).Accepted(out var order, out refusal)
            ? JsonTextValidator.Check(body.Span) is { } broken
                ? broken
                : new AdminCommand(by, body, order.Expected, order.IdempotencyKey)
            : refusal;

    private async Task<IActionResult> WriteRevisedAsync<T>(
        HttpResponse response, JsonTypeInfo<T> json, Result<DocumentResult<T>> decision, Func<T, string>? id)
        where T : notnull
    {
        if (!decision.Accepted(out var revised, out var refusal))
        {
            return await WriteAsync<T>(response, json, refusal);
        }

        response.Headers.ETag = revised.Revision is { } revision ? $"\"{revision}\"" : default;
        Mark(response, revised.IsReplay);
        if (id is not null)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = $"{response.HttpContext.Request.Path.Value!.TrimEnd('/')}/{id(revised.Value)}";
        }

        return await WriteAsync<T>(response, json, revised.Value);
    }

    private static void Mark(HttpResponse response, bool isReplay)
    {
        if (isReplay)
        {
            ReplayResponse.Mark(response);
        }
    }

    private async Task<IActionResult> WriteAsync<T>(
        HttpRequest request, JsonTypeInfo<Page<T>> json, CsvTable<T> csv, Result<Listing<T>> decision)
    {
        var (response, gone) = (request.HttpContext.Response, request.HttpContext.RequestAborted);
        response.Headers.Append("Vary", "Accept");
        if (!decision.Accepted(out var listing, out var refusal))
        {
            return await WriteAsync(response, json, refusal);
        }

        if (!AcceptHeader.CsvText(request))
        {
            return await WriteAsync(response, json, await listing.PageAsync(gone));
        }

        return await CsvResponse.WriteAsync(response, csv, listing.AllAsync(gone)) is { } broken ? await WriteAsync(
            response, json, broken) : Answered;
    }

    private async Task<IActionResult> WriteAsync<T>(HttpResponse response, JsonTypeInfo<T> json, Result<T> decision)
        where T : notnull
    {
        if (decision.Accepted(out var value, out var refusal))
        {
            response.Headers.CacheControl = "no-store";
            await JsonResponse.WriteAsync(response, value, json);
        }
        else
        {
            await RefusalResponseWriter.WriteAsync(response, refusal, clock.GetUtcNow());
        }

        return Answered;
    }
}

internal static partial class HttpEndpointLog
{
    [LoggerMessage(4001, LogLevel.Error, "Request {Request} failed before it was sent anywhere")]
    public static partial void RequestFailed(ILogger logger, string request, Exception bug);

    [LoggerMessage(4002, LogLevel.Error, "Request {Request} for {Route} failed")]
    public static partial void FunctionFailed(ILogger logger, string request, string? route, Exception bug);
}
