using System.Text.Json.Serialization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Administration;
using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Simulation;
using Freeway.Gateway.Views;

namespace Freeway.Functions.Http;

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(FlatBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(KeyCard))]
[JsonSerializable(typeof(CreditsCard))]
[JsonSerializable(typeof(ModelCard))]
[JsonSerializable(typeof(Page<ModelCard>))]
[JsonSerializable(typeof(UsageNoteBody))]
[JsonSerializable(typeof(Page<QuotaCard>))]
[JsonSerializable(typeof(QuotaCheck))]
[JsonSerializable(typeof(ActivityRecord))]
[JsonSerializable(typeof(Page<ActivityRecord>))]
[JsonSerializable(typeof(ReconciliationCard))]
[JsonSerializable(typeof(PurgeCard))]
[JsonSerializable(typeof(Page<RefusalCard>))]
[JsonSerializable(typeof(Page<UsageLine>))]
[JsonSerializable(typeof(Page<ResetCard>))]
[JsonSerializable(typeof(Page<UpstreamCard>))]
[JsonSerializable(typeof(Page<ProposalCard>))]
[JsonSerializable(typeof(KeyReportCard))]
[JsonSerializable(typeof(CatalogueCard))]
[JsonSerializable(typeof(Page<VersionCard>))]
[JsonSerializable(typeof(VersionContentCard))]
[JsonSerializable(typeof(Page<EntryCard>))]
[JsonSerializable(typeof(EntryCard))]
[JsonSerializable(typeof(Page<PresetCard>))]
[JsonSerializable(typeof(CatalogueReport))]
[JsonSerializable(typeof(SimulationReport))]
[JsonSerializable(typeof(AdminOrgCard))]
[JsonSerializable(typeof(Page<AdminOrgCard>))]
[JsonSerializable(typeof(AdminKeyCard))]
[JsonSerializable(typeof(Page<AdminKeyCard>))]
[JsonSerializable(typeof(ManagementKeyCard))]
[JsonSerializable(typeof(Page<ManagementKeyCard>))]
[JsonSerializable(typeof(AccountCard))]
[JsonSerializable(typeof(Page<AuditCard>))]
internal sealed partial class ApiJson : JsonSerializerContext;
