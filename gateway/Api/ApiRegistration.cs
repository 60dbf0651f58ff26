using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Api;

/// <summary>Brings what callers can look up.</summary>
public static class ViewsRegistration
{
    public static IServiceCollection AddViews(this IServiceCollection services) => services
        .AddSingleton<ModelsView>()
        .AddSingleton<QuotaView>()
        .AddSingleton<QuotaPreview>()
        .AddSingleton<KeyView>()
        .AddSingleton<CreditsView>()
        .AddSingleton<ActivityView>()
        .AddSingleton<RefusalsView>()
        .AddSingleton<UsageView>()
        .AddSingleton<OrgBooksView>()
        .AddSingleton<ReconciliationsView>()
        .AddSingleton<PurgesView>()
        .AddSingleton<ResetsView>()
        .AddSingleton<DeadLettersView>()
        .AddSingleton<UpstreamView>()
        .AddSingleton<UpstreamsView>()
        .AddSingleton<IReadinessProbe, CatalogueProbe>()
        .AddSingleton<CatalogueView>()
        .AddSingleton<SimulationView>()
        .AddHostedService<UpstreamGauges>()
        .AddSingleton<Readiness>();
}
