namespace Freeway.Functions.Http.OpenApi;

/// <summary>What the operator can do.</summary>
internal static class AdminOperations
{
    private const string Resets =
        """{"object":"list","data":[{"day":"2026-05-28","first_run_at":"2026-05-29T00:00:00Z","last_run_at":"2026-05-29T00:00:00Z","closed_at":"2026-05-29T00:00:01Z","runs":1,"orgs_closed":1,"orgs_failed":0,"corrections":0,"late_seconds":0}]}""";

    private const string Upstreams =
        """{"object":"list","data":[{"name":"openrouter","base_url":"https://openrouter.ai/api/v1","ready":true,"breaker":"closed","parked":{"openai/gpt-oss-20b:free":"2026-05-29T12:00:30Z"},"limits":[{"id":"upstream.free-a-day","kind":"hard","unit":"requests","window":"day","window_id":"2026-05-29","scope":"upstream","limit":50,"used":12,"reserved":9,"remaining":29,"resets_at":"2026-05-30T00:00:00Z"}]}]}""";

    private const string Proposals =
        """{"object":"list","data":[{"change":"new","upstream_model":"openai/gpt-oss-20b:free","models":[],"entry":{"id":"openai/gpt-oss-20b","name":"gpt-oss 20B (free)","context_length":131072,"usd_per_million_tokens":{"input":0,"output":0},"free":{"enabled":false},"routes":[{"upstream":"openrouter","model":"openai/gpt-oss-20b:free"}]}},{"change":"changed","upstream_model":"z-ai/glm-4.5-air","models":["z-ai/glm-4.5-air"],"fields":[{"model":"z-ai/glm-4.5-air","field":"context_length","catalogue":32000,"upstream":131072}]},{"change":"gone","upstream_model":"old/model","models":["old/model"]}]}""";

    private const string Key =
        """{"upstream":"openrouter","limit_usd":5,"remaining_usd":4.8984355238,"used_usd":0.1015644762,"used_today_usd":0,"used_this_month_usd":0.1,"is_free_tier":false}""";

    private static readonly int[] Errors = [401, 403, 500, 503];

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/resets", "listResets", ApiTag.Admin, "The days that were closed, newest first")
        {
            Parameters = ["limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageResetResponse, Resets)],
            Errors = [400, .. Errors],
        },
        new("POST", "api/v1/admin/resets", "runResets", ApiTag.Admin, "Closes now the days that are due, as the timer does")
        {
            Parameters = ["Idempotency-Key"],
            Answers = [ApiContent.Of(PlainJson.Api.PageResetResponse, Resets)],
            Errors = [400, 409, 413, 431, .. Errors],
        },
        new("GET", "api/v1/admin/upstreams", "listUpstreams", ApiTag.Admin, "All upstreams, what their keys have left and whether they are called")
        {
            Description = "The limits are the ledger's; whether one is left alone after failures or a 429 is what the answering instance knows.",
            Answers = [ApiContent.Of(PlainJson.Api.PageUpstreamResponse, Upstreams)],
            Errors = Errors,
        },
        new("GET", "api/v1/admin/upstreams/{name}/models", "proposeModels", ApiTag.Admin, "What an upstream's list of models would change in the catalogue")
        {
            Description = "Nothing is written, and no proposal is free. What the upstream does not say is left out.",
            Parameters = ["upstream"],
            Answers = [ApiContent.Of(PlainJson.Api.PageProposalResponse, Proposals)],
            Errors = [401, 403, 404, 500, 502, 503],
        },
        new("GET", "api/v1/admin/upstreams/{name}/key", "readUpstreamKey", ApiTag.Admin, "What our key has left at an upstream, where it reports that")
        {
            Parameters = ["upstream"],
            Answers = [ApiContent.Of(PlainJson.Api.KeyReportResponse, Key)],
            Errors = [401, 403, 404, 500, 502, 503],
        },
    ];
}
