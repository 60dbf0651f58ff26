using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Tests.Hosting.Samples;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Tests.Hosting;

public sealed class ScopeTests
{
    /// <summary>The scope is made where the first asks for something that is in it; context and request share it.</summary>
    [Fact]
    public async Task Scope_OfARequest_IsItsOwnAndEndsWithIt()
    {
        var (made, notebook) = (0, new Notebook());
        await using var app = await SampleApp.StartAsync(
            typeof(Pages),
            options => options with
            {
                HostFile = new HostFile { RoutePrefix = "" },
                ConfigureServices = services => services.AddScoped(_ => new Page(Interlocked.Increment(ref made), notebook)),
            },
            notebook);

        (await app.Client.GetStringAsync("/pages")).ShouldBe("1 1");
        (await notebook.NextAsync()).ShouldBe("1 is over");
        (await app.Client.GetStringAsync("/pages")).ShouldBe("2 2");
        (await notebook.NextAsync()).ShouldBe("2 is over");
    }

    public sealed class Page(int number, Notebook notebook) : IDisposable
    {
        public int Number => number;

        public void Dispose() => notebook.Write($"{number} is over");
    }

    public static class Pages
    {
        [Function("Pages")]
        public static IResult Read(
            [HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context) =>
            Results.Text($"{PageOf(context.InstanceServices)} {PageOf(request.HttpContext.RequestServices)}");

        private static int PageOf(IServiceProvider services) => services.GetRequiredService<Page>().Number;
    }
}
