using System.Net;
using System.Reflection;
using Freeway.EmbeddedTables;
using Freeway.Runner.Clock;
using Freeway.Runner.Hosting.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner;

/// <summary>
/// A whole Freeway in this process. What the settings name is used; what they do not is started for it alone.
/// </summary>
public sealed record FreewayHostOptions
{
    /// <summary>
    /// Gets the address that the functions listen at; null for the loopback interface alone, where the parts around
    /// them listen in any case.
    /// </summary>
    public IPAddress? Bind { get; init; }

    /// <summary>TCP port of the functions; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>All local state. Null for a folder that goes with the host.</summary>
    public string? DataFolder { get; init; }

    /// <summary>
    /// Gets the settings, named as in the real host's environment, e.g. <c>AzureWebJobsStorage</c>, <c>ServiceBus</c>,
    /// <c>Freeway__…</c>. Between the parts of a name <c>__</c> and <c>:</c> are equal.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>
    /// The clock of functions, timers, embedded tables and the loopback upstream. The broker and every network wait
    /// keep to real time. With a <see cref="ManualClock"/> the host answers <c>/admin/clock</c>.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Comes after Freeway's own services, to replace some of them.</summary>
    /// <remarks>Does not reach functions that run in the worker.</remarks>
    public Action<IServiceCollection> ConfigureServices { get; init; } = _ => { };

    public Action<ILoggingBuilder> ConfigureLogging { get; init; } = _ => { };

    /// <summary>Gets the assemblies whose functions are run; null for Freeway's own.</summary>
    public IReadOnlyList<Assembly>? FunctionAssemblies { get; init; }

    /// <summary>
    /// Gets the folder of a functions app, built or published, that runs in the real isolated worker, a process of its
    /// own. Null for functions in this process.
    /// </summary>
    public string? Worker { get; init; }

    /// <summary>
    /// Gets the host's file <c>host.json</c> as it was read; null for the one beside the program, or beside the
    /// worker's.
    /// </summary>
    public HostFile? HostFile { get; init; }

    /// <summary>In which order the host tries the functions' routes.</summary>
    public RouteOrder RouteOrder { get; init; }

    /// <summary>The catalogue file; null for the one beside the program.</summary>
    public string? CataloguePath { get; init; }

    /// <summary>Gets whether the org <c>demo</c> and a key for it are written at start.</summary>
    public bool Seed { get; init; } = true;

    /// <summary>
    /// Gets whether sign-up is open, with a test provider on this machine where the settings name no other.
    /// </summary>
    public bool SignUp { get; init; }

    public bool RunTimers { get; init; } = true;

    public bool RunQueues { get; init; } = true;

    /// <summary>Gets whether a loopback upstream is started where no setting names the address of one.</summary>
    public bool RunUpstream { get; init; } = true;

    /// <summary>
    /// Gets whether Azurite, which needs Node, serves the tables that no setting names, in place of embedded ones. The
    /// worker always has Azurite: embedded tables are this process's alone.
    /// </summary>
    public bool UseAzurite { get; init; }

    /// <summary>Gets what a transaction of the embedded tables survives once it is acknowledged.</summary>
    public TableSync TableSync { get; init; } = TableSync.Normal;

    /// <summary>Wanted ports of the parts that are started here; 0, or one that is taken, gives a free one.</summary>
    public EmbeddedPorts Ports { get; init; } = new();

    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Hears one line for each step worth telling.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
