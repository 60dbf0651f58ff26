using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Api;
using Freeway.Adapters.Catalogue;
using Freeway.Adapters.Identity;
using Freeway.Adapters.Inference;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Notices;
using Freeway.Adapters.SignUp;
using Freeway.Adapters.Tables;
using Freeway.Adapters.Upstreams;
using Freeway.Functions.Http;
using Freeway.Functions.Http.Middleware;
using Freeway.Functions.Settings;
using Freeway.Functions.Telemetry;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Notices;
using Freeway.Gateway.Operations.Alarms;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Gateway.Operations.Simulation;
using Freeway.Gateway.SignUp;
using Freeway.Gateway.Upstreams.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Freeway.Functions;

/// <summary>Composes everything that the functions need, for the worker and for the runner alike.</summary>
public static class FreewayFunctions
{
    /// <summary>
    /// Registers the modules in the order in which they depend on each other. Nothing is contacted yet.
    /// </summary>
    /// <exception cref="InvalidSettingsException">
    /// At least one setting is wrong; the exception names them all.
    /// </exception>
    public static IServiceCollection AddFreeway(this IServiceCollection services, IConfiguration configuration) =>
        services.AddFreeway(configuration, FreewaySettings.Read(configuration));

    // The export of telemetry comes first: it is started before all other services and stopped after them.
    private static IServiceCollection AddFreeway(
        this IServiceCollection services, IConfiguration configuration, FreewaySettings settings) => services
        .AddTelemetry(configuration, settings.Telemetry)
        .AddSettings(settings)
        .AddFreewayTables(configuration)
        .AddAlarms()
        .AddIdentityTables()
        .AddCatalogueTables()
        .AddMetering()
        .AddTokenizer()
        .AddLedgerTables()
        .AddLedger()
        .AddRoutes()
        .AddUpstreams()
        .AddActivityLogAdapters(configuration)
        .AddActivityLog()
        .AddReconciliation()
        .AddResponseTables()
        .AddInference()
        .AddSimulation()
        .AddNoticesAdapters()
        .AddNotices()
        .AddSignUpAdapters()
        .AddSignUp()
        .AddReadiness()
        .AddProbes(configuration)
        .AddHttpMiddleware()
        .AddApiEndpoints();

    /// <summary>
    /// Wraps the HTTP middleware around every function; call it after <c>ConfigureFunctionsWebApplication</c>.
    /// </summary>
    public static IFunctionsWorkerApplicationBuilder UseFreeway(this IFunctionsWorkerApplicationBuilder worker) =>
        worker.UseMiddleware<HttpMiddleware>();

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
            .AddSingleton(settings.EndUsers)
            .AddSingleton(settings.Notices)
            .AddSingleton(settings.SignUp)
            .AddSingleton(settings.Cache)
            .AddSingleton(settings.Output)
            .AddSingleton(settings.Relay)
            .AddSingleton(settings.Upstream)
            .AddSingleton(settings.Calls)
            .AddSingleton(settings.Catalogue)
            .AddSingleton(settings.Loader)
            .AddSingleton(Options.Create(settings.Relay));
    }
}
