using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Freeway.Feed.Tests.Refit;

public class RegistrationTests
{
    [Fact]
    public async Task Client_Registered_UsesTheShapedHttpClient()
    {
        var server = ScriptedServer.Answering("""{"id":"x","contextLength":8}""");
        var services = new ServiceCollection();
        services.AddRefitClient<ISample>()
            .ConfigureHttpClient(http => http.BaseAddress = new Uri("http://registered.test"))
            .ConfigurePrimaryHttpMessageHandler(() => server);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ISample>().Model("x");

        server.Request!.RequestUri!.AbsoluteUri.ShouldBe("http://registered.test/models/x");
    }
}
