using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Catalogue;
using Freeway.Adapters.Identity;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Api;
using Freeway.Adapters.Tables;
using Freeway.Adapters.Upstreams;
using Freeway.Functions.Dashboard;
using Freeway.Functions.Http;
using Freeway.Functions.Http.Middleware;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Settings;
using Freeway.Functions.Telemetry;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Operations.Alarms;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Gateway.Operations.Simulation;
using Freeway.Gateway.Upstreams.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Freeway.Functions;

/// <summary>Everything that the functions need, composed the same for the worker and for one process on one machine.</summary>
public static class FreewayFunctions
{
    /// <summary>Adds the rooms in the order in which a request walks through them. Nothing is contacted yet.</summary>
    /// <exception cref="InvalidSettingsException">Settings are wrong; it names them all.</exception>
    public static IServiceCollection AddFreeway(this IServiceCollection services, IConfiguration configuration) =>
        services.AddFreeway(configuration, FreewaySettings.Read(configuration));

    /// <summary>What exports comes first: it is started before all others and stopped after them.</summary>
    private static IServiceCollection AddFreeway(this IServiceCollection services, IConfiguration configuration, FreewaySettings settings) => services
        .AddTelemetry(configuration, settings.Telemetry)
        .AddSettings(settings)
        .AddFreewayTables(configuration)
        .AddAlarms()
        .AddAuditTables()
        .AddKeyTables()
        .AddCatalogueTables()
        .AddMetering()
        .AddLedgerTables()
        .AddLedger()
        .AddRoutes()
        .AddUpstreams()
        .AddActivityLogAdapters(configuration)
        .AddActivityLog()
        .AddReconciliation()
        .AddInference()
        .AddSimulation()
        .AddViews()
        .AddAdministration()
        .AddProbes(configuration)
        .AddHttpManners();

    /// <summary>What is wrapped around every function; comes after <c>ConfigureFunctionsWebApplication</c>.</summary>
    public static IFunctionsWorkerApplicationBuilder UseFreeway(this IFunctionsWorkerApplicationBuilder worker) => worker.UseMiddleware<HttpMiddleware>();

    private static IServiceCollection AddHttpManners(this IServiceCollection services) => services
        .Configure<KestrelServerOptions>(ServerLimits.Raise)
        .AddCors()
        .AddSingleton<IResponseCompressionProvider, AnswerCompression>()
        .AddResponseCompression(compression =>
        {
            // An answer never holds a secret beside words of someone else's.
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, JsonAnswer.Problem, "text/csv", "image/svg+xml"];
        })
        .AddSingleton<RouteTable>()
        .AddSingleton<ApiDocument>()
        .AddSingleton<DashboardFiles>()
        .AddSingleton<HttpEndpointRunner>()
        .AddSingleton<UnmatchedRequestHandler>()
        .AddSingleton<CatalogueEntryHandler>();

    private static IServiceCollection AddSettings(this IServiceCollection services, FreewaySettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
#pragma warning disable RS0030 // the one place where chance comes from; everywhere else it is injected
        services.TryAddSingleton(Random.Shared);
#pragma warning restore RS0030
        return services
            .AddSingleton(settings.Gateway)
            .AddSingleton(new BootstrapKey(settings.Gateway.AdminKeyHash))
            .AddSingleton(settings.Retention)
            .AddSingleton(settings.Ledger)
            .AddSingleton(settings.Relay)
            .AddSingleton(settings.Upstream)
            .AddSingleton(settings.Calls)
            .AddSingleton(settings.Catalogue)
            .AddSingleton(settings.Loader)
            .AddSingleton(Options.Create(settings.Relay));
    }
}
