using System.Diagnostics;
using Freeway.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Functions.Tests.Http;

/// <summary>
/// The Functions host tries the routes one after the other and takes the first that matches path and method. So far it
/// tries them by the functions' names; other orders are proposed (azure-functions-host #3153 and #9876,
/// azure-webjobs-sdk-extensions #842). The worker behind it routes the request again, by ASP.NET Core's precedence.
/// </summary>
public sealed class RouteOrderTests
{
    private const string Function = "function";

    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddLogging().AddRouting().AddSingleton(new DiagnosticListener(nameof(RouteOrderTests))).BuildServiceProvider();

    /// <summary>A parameter can have any value, also one that is a literal of a route beside it.</summary>
    private static readonly IReadOnlyList<string> Values =
    [
        "sample",
        .. ApiEndpoints.Operations.SelectMany(operation => operation.Template.Split('/'))
            .Where(segment => !IsParameter(segment)).Distinct(),
    ];

    public static TheoryData<string> Orders => [.. Routers.Keys];

    private static Dictionary<string, Func<IReadOnlyList<HttpTrigger>, RequestDelegate>> Routers { get; } = new()
    {
        ["name"] = triggers => FirstMatch(
            triggers.OrderBy(trigger => trigger.Function, StringComparer.OrdinalIgnoreCase)),
        ["precedence of the pattern"] = triggers => FirstMatch(
            triggers.OrderBy(trigger => RoutePrecedence.ComputeInbound(TemplateParser.Parse(trigger.Route)))),
        ["pattern, the longer first"] = triggers => FirstMatch(
            triggers.Order(Comparer<HttpTrigger>.Create(LiteralsFirstThenLength))),
        ["endpoints of the worker"] = Endpoints,
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Request_OfAnEndpoint_ReachesItsOwnFunction(string order)
    {
        var router = Routers[order](HttpTriggers.All);
        var wrong = new List<string>();
        foreach (var (method, template, function) in Pairs())
        {
            foreach (var path in Paths(template))
            {
                var reached = await FunctionAtAsync(router, method, path);
                if (reached != function)
                {
                    wrong.Add($"{method} {path} of {template} reaches {reached} instead of {function}");
                    break;
                }
            }
        }

        string.Join('\n', wrong).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Request_OfNoEndpoint_ReachesTheFallback(string order)
    {
        var router = Routers[order](HttpTriggers.All);

        foreach (var (method, path) in new[]
        {
            ("GET", "/"), ("GET", "/api/v1"), ("GET", "/no/such/path"), ("GET", "/api/v1/admin/orgs/acme/nothing"),
            ("OPTIONS", "/api/v1/models"), ("DELETE", "/api/v1/models/acme/model"), ("GET", "/api/v1/chat/completions"),
            ("PURGE", "/health/ready"),
        })
        {
            (await FunctionAtAsync(router, method, path)).ShouldBe(HttpTriggers.Fallback.Function, $"{method} {path}");
        }
    }

    /// <summary>Where no two functions share a request, no order can go wrong but for that of the fallback.</summary>
    [Fact]
    public async Task Request_OfAnEndpoint_MatchesOneFunctionBesideTheFallback()
    {
        var routers = HttpTriggers.Endpoints.Select(trigger => FirstMatch([trigger])).ToList();
        var shared = new List<string>();
        foreach (var (method, template, _) in Pairs())
        {
            foreach (var path in Paths(template))
            {
                var matching = await Task.WhenAll(routers.Select(router => FunctionAtAsync(router, method, path)));
                if (matching.Count(function => function is not null) is not 1)
                {
                    shared.Add($"{method} {path} matches {string.Join(", ", matching.OfType<string>())}");
                }
            }
        }

        string.Join('\n', shared).ShouldBeEmpty();
    }

    /// <summary>Every method of every path, of the attributes and of the OpenAPI document, and whose it is.</summary>
    private static IEnumerable<(string Method, string Template, string Function)> Pairs()
    {
        var ofAttributes =
            from trigger in HttpTriggers.Endpoints
            from method in trigger.Methods!
            select (method, trigger.Route, trigger.Function);
        var ofDocument =
            from operation in ApiEndpoints.Operations
            from method in operation.Method is "GET" ? new[] { "GET", "HEAD" } : [operation.Method]
            select (method, operation.Template, HttpTriggers.Serving(method, operation.Template).Function);
        return ofAttributes.Concat(ofDocument).Distinct();
    }

    private static IEnumerable<string> Paths(string template) =>
        template.Contains('{') ? Values.Select(value => Filled(template, value)) : [Filled(template, "")];

    private static string Filled(string template, string value) =>
        "/" + string.Join('/', template.Split('/').Select(segment => IsParameter(segment) ? value : segment));

    private static bool IsParameter(string segment) => segment.StartsWith('{');

    private static async Task<string?> FunctionAtAsync(RequestDelegate router, string method, string path)
    {
        var http = new DefaultHttpContext { RequestServices = Services, Request = { Method = method, Path = path } };
        await router(http);
        return http.Items[Function] as string;
    }

    /// <summary>How the host routes: the constraint on the method counts like those of the template.</summary>
    private static RequestDelegate FirstMatch(IEnumerable<HttpTrigger> triggers)
    {
        var routes = new RouteCollection();
        foreach (var trigger in triggers)
        {
            var methods = new Dictionary<string, object>();
            if (trigger.Methods is not null)
            {
                methods["httpMethod"] = new HttpMethodRouteConstraint(trigger.Methods);
            }

            routes.Add(new Route(
                new RouteHandler(Mark(trigger)), trigger.Route, defaults: null, methods, dataTokens: null,
                Services.GetRequiredService<IInlineConstraintResolver>()));
        }

        return async http =>
        {
            var context = new RouteContext(http);
            await routes.RouteAsync(context);
            await (context.Handler?.Invoke(http) ?? Task.CompletedTask);
        };
    }

    private static RequestDelegate Endpoints(IReadOnlyList<HttpTrigger> triggers)
    {
        var app = new ApplicationBuilder(Services);
        app.UseRouting();
        app.UseEndpoints(endpoints =>
        {
            foreach (var trigger in triggers)
            {
                _ = trigger.Methods is null
                    ? endpoints.Map(trigger.Route, Mark(trigger))
                    : endpoints.MapMethods(trigger.Route, trigger.Methods, Mark(trigger));
            }
        });
        return app.Build();
    }

    private static RequestDelegate Mark(HttpTrigger trigger) => http =>
    {
        http.Items[Function] = trigger.Function;
        return Task.CompletedTask;
    };

    /// <summary>
    /// The proposed order: literals before parameters, of which a catch-all is one like any; then the longer route.
    /// </summary>
    private static int LiteralsFirstThenLength(HttpTrigger left, HttpTrigger right)
    {
        var (lefts, rights) = (left.Route.Split('/'), right.Route.Split('/'));
        foreach (var (one, other) in lefts.Zip(rights))
        {
            var byKind = IsParameter(one).CompareTo(IsParameter(other));
            var byText = IsParameter(one) ? 0 : string.Compare(one, other, StringComparison.OrdinalIgnoreCase);
            if (byKind is not 0 || byText is not 0)
            {
                return byKind is not 0 ? byKind : byText;
            }
        }

        return rights.Length.CompareTo(lefts.Length);
    }
}
