using Freeway.Functions.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Freeway.Functions.Tests.Http;

public sealed class ServerLimitsTests
{
    /// <summary>The largest value that the setting can have.</summary>
    private const int MostHeaderBytes = 131_072;

    [Fact]
    public void Limits_OfTheWorkersServer_AreAboveOurs()
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["ServiceBus"] = "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=k;SharedAccessKey=k",
            ["ActivityQueueName"] = "activity",
            ["Freeway:MaxHeaderBytes"] = $"{MostHeaderBytes}",
        });
        builder.ConfigureFunctionsWebApplication();
        builder.UseFreeway();
        builder.Services.AddFreeway(builder.Configuration);
        using var app = builder.Build();

        var limits = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        limits.MaxRequestBodySize.ShouldBeNull();
        app.Services.GetRequiredService<GatewayOptions>().MaxHeaderBytes.ShouldBe(MostHeaderBytes);
        limits.MaxRequestHeadersTotalSize.ShouldBeGreaterThan(2 * MostHeaderBytes);
        limits.MaxRequestBufferSize!.Value.ShouldBeGreaterThanOrEqualTo(limits.MaxRequestHeadersTotalSize);

        // What the host in front takes with its defaults, and room for the headers that it adds.
        limits.MaxRequestHeaderCount.ShouldBeGreaterThan(2 * new KestrelServerLimits().MaxRequestHeaderCount);
        limits.MaxRequestLineSize.ShouldBeGreaterThan(2 * new KestrelServerLimits().MaxRequestLineSize);
    }
}
