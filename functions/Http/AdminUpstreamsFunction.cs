using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/admin/upstreams</c>: where all upstreams stand; <c>…/{name}</c>: one as the catalogue has it,
/// to be changed; <c>…/{name}/models</c>: what its list of models would change in the catalogue; <c>…/{name}/key</c>:
/// what its key has left.
/// </summary>
public sealed class AdminUpstreamsFunction(
    UpstreamQueries upstreams, UpstreamReportQueries reports, CatalogueEntryHandler entries, UnmatchedRequestHandler unmatched,
    HttpEndpointRunner runner)
{
    private const string Path = "api/v1/admin/upstreams";

    [Function("AdminUpstreams")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "put", "patch", "delete", Route = Path + "/{name?}")]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("name")) switch
        {
            ("GET", null) => runner.AdministerAsync(
                request, AdminScope.Read, PlainJson.Api.PageUpstreamResponse, (_, gone) => upstreams.ListAsync(gone)),
            (_, { } name) => entries.ServeAsync(request, EntryKind.Upstream, name),
            _ => unmatched.AnswerAsync(request),
        };

    [Function("AdminUpstreamModels")]
    public Task<IActionResult> ProposeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Path + "/{name}/models")] HttpRequest request,
        string name) =>
        runner.AdministerAsync(
            request, AdminScope.Read, PlainJson.Api.PageProposalResponse, (_, gone) => reports.ProposeAsync(
                name, gone));

    [Function("AdminUpstreamKey")]
    public Task<IActionResult> ReadKeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Path + "/{name}/key")] HttpRequest request,
        string name) =>
        runner.AdministerAsync(
            request, AdminScope.Read, PlainJson.Api.KeyReportResponse, (_, gone) => reports.ReadKeyAsync(name, gone));
}

/// <summary>Describes the upstreams: their state, and what they report about themselves.</summary>
internal static class UpstreamOperations
{
    private const string Upstreams =
        """
        {"object":"list","data":[{"name":"openrouter","base_url":"https://openrouter.ai/api/v1","ready":true,
        "breaker":"closed","parked":{"openai/gpt-oss-20b:free":{"reason":"rate_limited","status":429,
        "retry_after_seconds":30,"since":"2026-05-29T12:00:00Z","until":"2026-05-29T12:00:30Z"}},
        "limits":[{"id":"upstream.free-a-day","kind":"hard","unit":"requests","window":"day","window_id":"2026-05-29",
        "scope":"upstream","limit":50,"used":12,"reserved":9,"remaining":29,"resets_at":"2026-05-30T00:00:00Z"}]}],
        "next_cursor":null}
        """;

    private const string Proposals =
        """
        {"object":"list","data":[{"change":"new","upstream_model":"openai/gpt-oss-20b:free","models":[],
        "entry":{"id":"openai/gpt-oss-20b","name":"gpt-oss 20B (free)","context_length":131072,
        "usd_per_million_tokens":{"input":0,"output":0},"free":{"enabled":false},"routes":[{"upstream":"openrouter",
        "model":"openai/gpt-oss-20b:free"}]}},{"change":"changed","upstream_model":"z-ai/glm-4.5-air",
        "models":["z-ai/glm-4.5-air"],"fields":[{"model":"z-ai/glm-4.5-air","field":"context_length",
        "catalogue":32000,"upstream":131072}]},{"change":"gone","upstream_model":"old/model","models":["old/model"]}],
        "next_cursor":null}
        """;

    private const string Key =
        """
        {"upstream":"openrouter","limit_usd":5,"remaining_usd":4.8984355238,"used_usd":0.1015644762,
        "used_today_usd":0,"used_this_month_usd":0.1,"is_free_tier":false,
        "free_model_daily_requests":{"limit":1000,"used":40,"remaining":960}}
        """;

    private const string Upstream =
        """
        {"object":"upstream","id":"groq","preset":"groq","entry":{"preset":"groq"},"whole":{"preset":"groq",
        "base_url":"https://api.groq.com/openai/v1","key_setting":"GROQ_API_KEY"}}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/upstreams", "listUpstreams", ApiTag.Admin,
            "All upstreams, what their keys have left and whether they are called")
        {
            Description = "The limits are the ledger's; whether one is left alone after failures or a 429 is what the "
                + "answering instance knows.",
            Answers = [ApiContent.Of(PlainJson.Api.PageUpstreamResponse, Upstreams)],
            Errors = ErrorStatuses.Read,
        },
        new(
            "GET", "api/v1/admin/upstreams/{name}/models", "proposeModels", ApiTag.Admin,
            "What an upstream's list of models would change in the catalogue")
        {
            Description = "Nothing is written, and no proposal is free. What the upstream does not say is left out.",
            Parameters = ["upstream"],
            Answers = [ApiContent.Of(PlainJson.Api.PageProposalResponse, Proposals)],
            Errors = [401, 403, 404, 500, 502, 503],
        },
        new(
            "GET", "api/v1/admin/upstreams/{name}/key", "readUpstreamKey", ApiTag.Admin,
            "What our key has left at an upstream, where it reports that")
        {
            Parameters = ["upstream"],
            Answers = [ApiContent.Of(PlainJson.Api.KeyReportResponse, Key)],
            Errors = [401, 403, 404, 500, 502, 503],
        },
    ];

    /// <summary>
    /// Describes an upstream as an entry of the catalogue; the list above shows their state instead of their entries.
    /// </summary>
    public static IEnumerable<ApiOperation> Entries =>
        CatalogueEntryOperations.Of("upstreams", "{name}", "upstream", "Upstream", Upstream, """{"models_path":"models"}""")
            .Where(operation => operation.Template.EndsWith('}'));
}
