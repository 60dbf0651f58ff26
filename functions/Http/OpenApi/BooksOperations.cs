namespace Freeway.Functions.Http.OpenApi;

/// <summary>The books of all organisations, for the operator: looked up, compared with the records, purged.</summary>
internal static class BooksOperations
{
    private const string Reconciliation =
        """{"object":"reconciliation","at":"2026-05-29T12:00:00Z","from":"2026-05-28","to":"2026-05-29","orgs":1,"orgs_failed":0,"drift":1,"repaired":0,"in_flight":0,"checked":14,"busy":0,"unchecked":1,"differences":[{"book":"counter","org":"demo","subject":"fastrouter-free.daily|demo/echo","window":"2026-05-29","figure":"used","stored":9,"expected":8,"in_flight":false,"repaired":false}]}""";

    private const string Purge =
        """{"object":"purge","dry_run":false,"kept_from":"2025-04-01","orgs":1,"orgs_failed":0,"months":1,"records":1200,"refusals":31,"sums":60}""";

    private static readonly int[] Errors = [401, 403, 500, 503];

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/orgs/{org}/activity", "listActivityOfOrg", ApiTag.Admin, "An organisation's requests, newest first")
        {
            Parameters = ["org_of_books", "limit", "cursor", "from", "to", "model", "tier", "key", "status"],
            Answers = [ApiContent.Of(PlainJson.Api.PageActivityRecord, AccountSamples.List(AccountSamples.Activity)), UsageOperations.ActivityCsv],
            Errors = [400, 404, .. Errors],
        },
        new("GET", "api/v1/admin/orgs/{org}/usage", "getUsageOfOrg", ApiTag.Admin, "What an organisation used, summed up, newest first")
        {
            Parameters = ["org_of_books", "by", "group", "from_day", "to_day", "model", "key", "tier", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageUsageLine, AccountSamples.List(UsageOperations.Line)), UsageOperations.UsageCsv],
            Errors = [400, 404, .. Errors],
        },
        new("GET", "api/v1/admin/orgs/{org}/refusals", "listRefusalsOfOrg", ApiTag.Admin, "What an organisation was refused, by the minute, newest first")
        {
            Parameters = ["org_of_books", "from", "to", "model", "code", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageRefusalResponse, AccountSamples.List(UsageOperations.Refusal)), UsageOperations.RefusalsCsv],
            Errors = [400, 404, .. Errors],
        },
        new("GET", "api/v1/admin/orgs/{org}/quota", "listQuotaOfOrg", ApiTag.Admin, "Every limit that all keys of an organisation share")
        {
            Parameters = ["org_of_books"],
            Answers = [ApiContent.Of(PlainJson.Api.PageQuotaResponse, AccountSamples.List(AccountSamples.Quota))],
            Errors = [404, .. Errors],
        },
        new("GET", "api/v1/admin/reconciliations", "compareBooks", ApiTag.Admin, "Counts the books anew from the records, and tells where they differ")
        {
            Description = "Nothing is changed. What is under way is no drift: it is told apart as `in_flight`.",
            Parameters = ["org_to_compare", "days"],
            Answers = [ApiContent.Of(PlainJson.Api.ReconciliationResponse, Reconciliation)],
            Errors = [400, 404, .. Errors],
        },
        new("POST", "api/v1/admin/reconciliations", "repairBooks", ApiTag.Admin, "The same, and with `repair` writes what the records say where there is drift")
        {
            Description = "A figure that moves meanwhile is left as it is. The audit notes the order, and what was changed.",
            Parameters = ["Idempotency-Key"],
            Body = new ApiContent(ApiContent.Json, """{"org":"demo","days":2,"repair":true}""")
            {
                Schema = """{"type":"object","properties":{"org":{"type":"string","description":"All where it is left out."},"days":{"type":"integer","minimum":1,"maximum":400,"default":2},"repair":{"type":"boolean","default":false}},"additionalProperties":false}""",
            },
            Answers = [ApiContent.Of(PlainJson.Api.ReconciliationResponse, Reconciliation)],
            Errors = [400, 404, 409, 413, 431, .. Errors],
        },
        new("POST", "api/v1/admin/purges", "purge", ApiTag.Admin, "Takes away the activity that is older than it is kept, as the daily closing does")
        {
            Description = "How long it is kept is the setting `Freeway__ActivityMonths`. Sums of closed days stay for ever.",
            Parameters = ["Idempotency-Key"],
            Body = new ApiContent(ApiContent.Json, """{"dry_run":false}""")
            {
                Schema = """{"type":"object","properties":{"dry_run":{"type":"boolean","default":false,"description":"Counts, and takes nothing."}},"additionalProperties":false}""",
            },
            Answers = [ApiContent.Of(PlainJson.Api.PurgeResponse, Purge)],
            Errors = [400, 409, 413, 431, .. Errors],
        },
    ];
}
