using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Operations.Simulation;

namespace Freeway.Functions.Http.Responses;

/// <summary>
/// Writes the responses of the API: names in snake_case, null left out unless a property says otherwise.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(FlatBody))]
[JsonSerializable(typeof(MessagesErrorBody))]
[JsonSerializable(typeof(TokenCount))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(KeyResponse))]
[JsonSerializable(typeof(OperatorKeyResponse))]
[JsonSerializable(typeof(CreditsResponse))]
[JsonSerializable(typeof(ModelResponse))]
[JsonSerializable(typeof(Page<ModelResponse>))]
[JsonSerializable(typeof(UsageReportBody))]
[JsonSerializable(typeof(Page<QuotaResponse>))]
[JsonSerializable(typeof(QuotaCheck))]
[JsonSerializable(typeof(ActivityRecord))]
[JsonSerializable(typeof(Page<ActivityRecord>))]
[JsonSerializable(typeof(ReconciliationResponse))]
[JsonSerializable(typeof(PurgeResponse))]
[JsonSerializable(typeof(Page<RefusalResponse>))]
[JsonSerializable(typeof(Page<RefusalSumResponse>))]
[JsonSerializable(typeof(Page<UsageLine>))]
[JsonSerializable(typeof(Page<ResetResponse>))]
[JsonSerializable(typeof(Page<UpstreamResponse>))]
[JsonSerializable(typeof(Page<ProposalResponse>))]
[JsonSerializable(typeof(KeyReportResponse))]
[JsonSerializable(typeof(CatalogueResponse))]
[JsonSerializable(typeof(Page<VersionResponse>))]
[JsonSerializable(typeof(VersionContentResponse))]
[JsonSerializable(typeof(Page<EntryResponse>))]
[JsonSerializable(typeof(EntryResponse))]
[JsonSerializable(typeof(Page<PresetResponse>))]
[JsonSerializable(typeof(CatalogueReport))]
[JsonSerializable(typeof(SimulationReport))]
[JsonSerializable(typeof(Page<DeadLetterResponse>))]
[JsonSerializable(typeof(DeadLetterReplayResponse))]
[JsonSerializable(typeof(AdminOrgResponse))]
[JsonSerializable(typeof(Page<AdminOrgResponse>))]
[JsonSerializable(typeof(AdminKeyResponse))]
[JsonSerializable(typeof(Page<AdminKeyResponse>))]
[JsonSerializable(typeof(ManagementKeyResponse))]
[JsonSerializable(typeof(Page<ManagementKeyResponse>))]
[JsonSerializable(typeof(AccountResponse))]
[JsonSerializable(typeof(Page<AuditResponse>))]
[JsonSerializable(typeof(WebhookResponse))]
[JsonSerializable(typeof(WebhookTestResponse))]
[JsonSerializable(typeof(Page<NoticeResponse>))]
[JsonSerializable(typeof(SignUpResponse))]
[JsonSerializable(typeof(SignInResponse))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(InvitationResponse))]
[JsonSerializable(typeof(Page<InvitationResponse>))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Gives the serializer of the responses with the encoder that they are written with.</summary>
internal static class PlainJson
{
    /// <summary>Escapes what JSON must and no more: answers are never pasted into HTML.</summary>
    public static ApiJson Api { get; } = new(
        new JsonSerializerOptions(ApiJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
