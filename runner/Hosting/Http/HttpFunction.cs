using System.Collections.Frozen;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Http;

/// <summary>One HTTP function at its route: checks the key, calls it, writes what it gives back.</summary>
internal sealed class HttpFunction(
    FoundFunction function, HttpTriggerAttribute trigger, WorkerPipeline pipeline, IServiceProvider app, HostKeys keys,
    TimeProvider time, Drain drain, ILogger logger)
{
    /// <summary>
    /// The item under which the worker's own extension keeps the request's context, so that <c>GetHttpContext()</c>
    /// finds it.
    /// </summary>
    private const string HttpContextKey = "HttpRequestContext";

    private static readonly ActionDescriptor NoAction = new();

    private readonly FunctionInvoker<HttpInvocation> _invoker = new(function, HttpParameters.Rule, pipeline);
    private readonly Func<string> _newId = () => Guid.CreateVersion7(time.GetUtcNow()).ToString();
    private readonly AuthorizationLevel _level = LevelOf(function, trigger);

    /// <summary>Hands a request for which the host has chosen this function to the worker.</summary>
    public Task ChosenAsync(HttpContext http)
    {
        var route = http.Features.GetRequiredFeature<HostRoute>();
        route.Function = this;
        return route.Worker(http);
    }

    public async Task ServeAsync(HttpContext http)
    {
        if (!keys.Open(_level, http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        // A linked token and its timer, and a scope of services, cost more than all that many a request needs of its
        // host: they are made for those that ask for them.
        CancellationTokenSource? cancellation = null;
        var services = new InvocationServices(app, pipeline.Singletons, http);
        http.Features.Set<IServiceProvidersFeature>(services);
        var context = new RunnerFunctionContext(
            _invoker.Function, _newId, services, () => (cancellation = drain.Begin(http.RequestAborted)).Token);
        context.Items[HttpContextKey] = http;
        try
        {
            await WriteAsync(http, await _invoker.InvokeAsync(new HttpInvocation(http, context)));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            HostLog.CallerLeft(logger, function.Name, context.InvocationId);
        }
        catch (Exception e)
        {
            HostLog.FunctionFailed(logger, e, function.Name, context.InvocationId);
            if (http.Response.HasStarted)
            {
                // Kestrel then sends what was written and closes without the mark of a whole answer. An abort would
                // drop what is still on its way, which is where a broken stream says why.
                throw;
            }

            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        finally
        {
            cancellation?.Dispose();
        }
    }

    /// <summary>The attribute's level; where its text names none, the real host asks for a function key.</summary>
    private static AuthorizationLevel LevelOf(FoundFunction function, HttpTriggerAttribute trigger) =>
        function.TriggerSource.ConstructorArguments.Any(argument => argument.ArgumentType == typeof(AuthorizationLevel))
            ? trigger.AuthLevel
            : AuthorizationLevel.Function;

    /// <summary>
    /// Writes a function's result as the worker does: two kinds of result are written, anything else leaves the answer
    /// as it is.
    /// </summary>
    private static Task WriteAsync(HttpContext http, object? result) => result switch
    {
        EmptyResult empty when empty.GetType() == typeof(EmptyResult) => Task.CompletedTask,
        IActionResult action => action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), NoAction)),
        IResult typed => typed.ExecuteAsync(http),
        _ => Task.CompletedTask,
    };
}

/// <summary>
/// The services of one request: what the whole app has once comes from the app, so that the request gets a scope of its
/// own only for the rest.
/// </summary>
internal sealed class InvocationServices(IServiceProvider app, FrozenSet<Type> singletons, HttpContext http)
    : IServiceProvider, IServiceProvidersFeature
{
    private RequestServicesFeature? _scope;
    private IServiceProvider? _replaced;

    public IServiceProvider RequestServices
    {
        get => _replaced ?? this;
        set => _replaced = value;
    }

    public object? GetService(Type serviceType) =>
        (singletons.Contains(serviceType) ? app : Scope()).GetService(serviceType);

    /// <summary>The request's own scope, which ends with the request.</summary>
    private IServiceProvider Scope() =>
        (_scope ??= new(http, app.GetRequiredService<IServiceScopeFactory>())).RequestServices;
}

/// <summary>A request and the context that its function runs in.</summary>
internal readonly record struct HttpInvocation(HttpContext Http, FunctionContext Context) : IInvocation;

/// <summary>Holds what the host's routing found for a request, on its way through the worker.</summary>
/// <param name="Values">The values of the route's parameters; the function's own are filled from them.</param>
/// <param name="Worker">The worker's part of the request, which follows the host's.</param>
internal sealed record HostRoute(RouteValueDictionary Values, RequestDelegate Worker)
{
    /// <summary>Gets or sets the function that the route leads to; null where the host answers itself.</summary>
    public HttpFunction? Function { get; set; }
}
