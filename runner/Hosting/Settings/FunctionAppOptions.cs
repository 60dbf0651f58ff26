using System.Net;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Settings;

/// <summary>Configures which functions a <see cref="FunctionApp"/> runs, and the host around them.</summary>
public sealed record FunctionAppOptions
{
    /// <summary>Every <c>[Function]</c> method of their public classes is run.</summary>
    public required IReadOnlyList<Assembly> Assemblies { get; init; }

    /// <summary>Gets the classes whose functions are run; null for all of the assemblies.</summary>
    public IReadOnlyList<Type>? Classes { get; init; }

    /// <summary>
    /// Settings as the real host has them in its environment: connections, <c>%names%</c> and the app's own.
    /// </summary>
    public IConfiguration Configuration { get; init; } = new ConfigurationBuilder().Build();

    public HostFile HostFile { get; init; } = new();

    /// <summary>In which order the host tries the functions' routes.</summary>
    public RouteOrder RouteOrder { get; init; }

    /// <summary>Gets the address to listen at; null for the loopback interface alone.</summary>
    public IPAddress? Bind { get; init; }

    /// <summary>TCP port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Gets the folder in which the status of timers is kept; null forgets it.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The clock of timers and of the functions. Pacing of networks keeps to real time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public HostKeys Keys { get; init; } = new();

    /// <summary>
    /// Gets whether timers fire by themselves; <see cref="FunctionApp.RunTimerAsync"/> works either way.
    /// </summary>
    public bool RunTimers { get; init; } = true;

    /// <summary>Gets whether functions are fed from their queues.</summary>
    public bool RunQueues { get; init; } = true;

    /// <summary>
    /// Gets the longest time that a stop lets requests, timers and batches finish before their tokens fire.
    /// </summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The app's own services, as its <c>Program.cs</c> would add them.</summary>
    public Action<IServiceCollection> ConfigureServices { get; init; } = _ => { };

    /// <summary>The app's own middleware, as its <c>Program.cs</c> would add it.</summary>
    public Action<IFunctionsWorkerApplicationBuilder> ConfigureWorker { get; init; } = _ => { };

    public Action<ILoggingBuilder> ConfigureLogging { get; init; } = _ => { };
}

/// <summary>By what a host orders the routes of its functions; the first that matches serves.</summary>
public enum RouteOrder
{
    /// <summary>By the function's name, without regard to case: what hosts have done so far.</summary>
    Name,

    /// <summary>The more precise pattern first, as ASP.NET Core does; then by name.</summary>
    Pattern,
}
