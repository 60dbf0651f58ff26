using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Freeway.Feed.Tests.Worker;

public class BuilderTests
{
    [Fact]
    public void Middleware_Used_IsRegisteredAsSingleton()
    {
        var builder = FunctionsApplication.CreateBuilder([]);

        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<Passing>();

        builder.Services.ShouldContain(service =>
            service.ServiceType == typeof(Passing) && service.Lifetime == ServiceLifetime.Singleton);
    }

    [Fact]
    public async Task Application_WithoutAFunctionsHost_RefusesToStart()
    {
        using var application = FunctionsApplication.CreateBuilder([]).Build();

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => application.StartAsync());

        refusal.Message.ShouldContain("host", Case.Insensitive);
    }

    private sealed class Passing : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => next(context);
    }
}
