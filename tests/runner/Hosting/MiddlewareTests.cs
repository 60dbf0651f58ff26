using System.Net;
using Freeway.Runner.Tests.Hosting.Samples;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Tests.Hosting;

/// <summary>The app's own middleware, as the worker runs it.</summary>
public sealed class MiddlewareTests
{
    [Fact]
    public async Task Middleware_IsWrappedAroundTheFunctionInOrder()
    {
        var notebook = new Notebook();
        await using var app = await SampleApp.StartAsync<HttpSamples>(
            options => options with
            {
                ConfigureWorker = worker => worker
                    .Use(next => async context => { notebook.Write("outer in"); await next(context); notebook.Write("outer out"); })
                    .Use(next => async context => { notebook.Write($"inner {context.FunctionDefinition.Name}"); await next(context); }),
            },
            notebook);

        (await app.Client.GetStringAsync("/api/PlainName")).ShouldBe("/api/PlainName");

        (await notebook.NextAsync()).ShouldBe("outer in");
        (await notebook.NextAsync()).ShouldBe("inner PlainName");
        (await notebook.NextAsync()).ShouldBe("outer out");
    }

    [Fact]
    public async Task Middleware_ThatAnswersItself_KeepsTheFunctionFromRunning()
    {
        await using var app = await SampleApp.StartAsync<HttpSamples>(options => options with
        {
            ConfigureWorker = worker => worker.Use(next => context =>
                context.GetHttpContext()!.Response.WriteAsync("mine", context.CancellationToken)),
        });

        using var answer = await app.Client.GetAsync("/api/throws");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("mine");
    }
}
