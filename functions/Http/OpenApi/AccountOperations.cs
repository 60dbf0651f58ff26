namespace Freeway.Functions.Http.OpenApi;

/// <summary>What a key can read about itself, and what it costs nothing to ask.</summary>
internal static class AccountOperations
{
    private static readonly int[] Read = [401, 403, 500, 503];
    private static readonly int[] Find = [401, 403, 404, 500, 503];

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/models", "listModels", ApiTag.Account, "All models, and what the calling key can do with each")
        {
            Answers = [ApiContent.Of(PlainJson.Api.PageModelResponse, AccountSamples.List(AccountSamples.Model))],
            Errors = Read,
        },
        new("GET", "api/v1/models/{*slug}", "getModel", ApiTag.Account, "One model")
        {
            Parameters = ["slug"],
            Answers = [ApiContent.Of(PlainJson.Api.ModelResponse, AccountSamples.Model)],
            Errors = Find,
        },
        new("GET", "api/v1/quota", "listQuota", ApiTag.Account, "Every limit that binds the calling key")
        {
            Answers = [ApiContent.Of(PlainJson.Api.PageQuotaResponse, AccountSamples.List(AccountSamples.Quota))],
            Errors = Read,
        },
        new("GET", "api/v1/quota/{*slug}", "getQuota", ApiTag.Account, "The limits that bind requests for one slug")
        {
            Parameters = ["slug"],
            Answers = [ApiContent.Of(PlainJson.Api.PageQuotaResponse, AccountSamples.List(AccountSamples.Quota))],
            Errors = [400, .. Find],
        },
        new("POST", "api/v1/quota/check", "checkQuota", ApiTag.Account, "What would become of a request if it were sent now")
        {
            Description = "The body is the request as it would be sent; nothing is sent and nothing taken.",
            Parameters = ["X-Freeway-Endpoint", "X-Freeway-Overflow"],
            Body = new ApiContent(ApiContent.Json, """{"model":"demo/echo:free","messages":[{"role":"user","content":"hello"}]}""") { Schema = """{"type":"object","required":["model"],"properties":{"model":{"type":"string"}},"additionalProperties":true}""" },
            Answers = [ApiContent.Of(PlainJson.Api.QuotaCheck, AccountSamples.Check)],
            Errors = [400, 401, 403, 404, 413, 431, 500, 503],
        },
        new("GET", "api/v1/key", "getKey", ApiTag.Account, "What the calling key is, what binds it and what it used")
        {
            Answers = [ApiContent.Of(PlainJson.Api.KeyResponse, AccountSamples.Key)],
            Errors = Read,
        },
        new("GET", "api/v1/credits", "getCredits", ApiTag.Account, "What the organisation bought, spent and has left, in USD")
        {
            Answers = [ApiContent.Of(PlainJson.Api.CreditsResponse, AccountSamples.Credits)],
            Errors = Read,
        },
        new("GET", "api/v1/activity", "listActivity", ApiTag.Account, "The organisation's requests, newest first")
        {
            Description = "With `Accept: text/csv` all that match come, however many, unless `limit` is given.",
            Parameters = ["limit", "cursor", "from", "to", "model", "tier", "key", "status"],
            Answers = [ApiContent.Of(PlainJson.Api.PageActivityRecord, AccountSamples.List(AccountSamples.Activity)), UsageOperations.ActivityCsv],
            Errors = [400, .. Read],
        },
        new("GET", "api/v1/activity/{id}", "getActivity", ApiTag.Account, "One request, and the upstreams that were tried for it")
        {
            Parameters = ["id"],
            Answers = [ApiContent.Of(PlainJson.Api.ActivityRecord, AccountSamples.Activity)],
            Errors = Find,
        },
    ];
}
