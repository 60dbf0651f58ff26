using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Bench.Targets;

/// <summary>Serves the upstream or YARP in a process of its own, until it gets a signal to stop.</summary>
internal static class TargetHost
{
    /// <param name="readyFile">The file that appears with the address once it listens.</param>
    public static async Task RunAsync(
        string readyFile, Action<IServiceCollection> services, Action<WebApplication> map, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        services(builder.Services);
        await using var app = builder.Build();
        map(app);
        await app.StartAsync(stop);
        var next = readyFile + ".next";
        await File.WriteAllTextAsync(next, JsonSerializer.Serialize(new { url = app.Urls.First() }), stop);
        File.Move(next, readyFile, overwrite: true);
        await app.WaitForShutdownAsync(stop);
    }
}
