using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Gateway.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Functions.Http;

/// <summary>
/// Lists the resources of the HTTP API: the handlers that their functions call, and the operations that the OpenAPI
/// document describes. A new resource is one line in each list.
/// </summary>
public static class ApiEndpoints
{
    /// <summary>All operations, in the order in which the OpenAPI document lists their paths.</summary>
    internal static IReadOnlyList<ApiOperation> Operations { get; } =
    [
        .. InferenceOperations.All,
        .. TokenCountOperations.All,
        .. ModelOperations.All,
        .. QuotaOperations.All,
        .. KeyOperations.All,
        .. CreditsOperations.All,
        .. ActivityOperations.All,
        .. UsageOperations.All,
        .. RefusalOperations.All,
        .. SignUpOperations.All,
        .. OwnKeyOperations.All,
        .. AdminOrgOperations.All,
        .. AdminKeyOperations.All,
        .. InvitationOperations.All,
        .. ManagementKeyOperations.All,
        .. AdminCreditsOperations.All,
        .. AuditOperations.All,
        .. WebhookOperations.All,
        .. NoticeOperations.All,
        .. ResetOperations.All,
        .. UpstreamOperations.All,
        .. CatalogueOperations.All,
        .. CatalogueModelOperations.All,
        .. CataloguePlanOperations.All,
        .. UpstreamOperations.Entries,
        .. SimulationOperations.All,
        .. PresetOperations.All,
        .. OrgUsageOperations.All,
        .. AdminRefusalOperations.All,
        .. ReconciliationOperations.All,
        .. PurgeOperations.All,
        .. DeadLetterOperations.All,
        .. HealthOperations.All,
        .. DashboardOperations.All,
        .. DocumentOperations.All,
    ];

    /// <summary>Makes the OpenAPI document of all operations; its text is written on first use.</summary>
    public static ApiDocument CreateDocument() => new(Operations);

    internal static IServiceCollection AddApiEndpoints(this IServiceCollection services) => services
        .AddSingleton<DashboardFiles>()
        .AddSingleton<ModelQueries>()
        .AddSingleton<QuotaQueries>()
        .AddSingleton<TokenCountQueries>()
        .AddSingleton<QuotaPreview>()
        .AddSingleton<KeyQueries>()
        .AddSingleton<CreditQueries>()
        .AddSingleton<CreditCommands>()
        .AddSingleton<ActivityQueries>()
        .AddSingleton<UsageQueries>()
        .AddSingleton<RefusalQueries>()
        .AddSingleton<RefusalSumQueries>()
        .AddSingleton<OrgQueries>()
        .AddSingleton<OrgCommands>()
        .AddSingleton<OrgUsageQueries>()
        .AddSingleton<ApiKeyQueries>()
        .AddSingleton<ApiKeyCommands>()
        .AddSingleton<SignUpCommands>()
        .AddSingleton<SignUpRequests>()
        .AddSingleton<OwnKeyCommands>()
        .AddSingleton<InvitationCommands>()
        .AddSingleton<ManagementKeyQueries>()
        .AddSingleton<ManagementKeyCommands>()
        .AddSingleton<AuditQueries>()
        .AddSingleton<WebhookQueries>()
        .AddSingleton<WebhookCommands>()
        .AddSingleton<NoticeQueries>()
        .AddSingleton<ResetQueries>()
        .AddSingleton<ResetCommands>()
        .AddSingleton<UpstreamQueries>()
        .AddSingleton<UpstreamReportQueries>()
        .AddSingleton<CatalogueQueries>()
        .AddSingleton<CatalogueEntryHandler>()
        .AddSingleton<SimulationQueries>()
        .AddSingleton<ReconciliationQueries>()
        .AddSingleton<ReconciliationCommands>()
        .AddSingleton<PurgeCommands>()
        .AddSingleton<DeadLetterQueries>()
        .AddSingleton<DeadLetterCommands>()
        .AddSingleton(_ => CreateDocument())
        .AddSingleton(_ => new RouteTable(() => Operations));
}
