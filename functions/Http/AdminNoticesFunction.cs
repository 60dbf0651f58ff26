using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/notices</c> shows notices and what became of them.</summary>
public sealed class AdminNoticesFunction(NoticeQueries queries, HttpEndpointRunner runner)
{
    [Function("AdminNotices")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/notices")]
        HttpRequest request) =>
        runner.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageNoticeResponse, async (_, gone) =>
            NoticeQueries.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await queries.ListAsync(query, gone)
                : (Result<Page<NoticeResponse>>)refusal);
}

/// <summary>Describes the list of notices.</summary>
internal static class NoticeOperations
{
    private const string Notice =
        """
        {"object":"notice","id":"ntc_5f0c6a2d9b1e4c7f8a3d2e1b0c9f8a7d","type":"limit.reached","webhook":"acme",
        "status":"failed","attempts":8,"created_at":"2026-05-29T12:00:00Z","ended_at":"2026-05-30T09:00:00Z",
        "error":"The receiver answered 500.","body":{"id":"ntc_5f0c6a2d9b1e4c7f8a3d2e1b0c9f8a7d",
        "type":"limit.reached","timestamp":"2026-05-29T12:00:00Z","org":"acme","data":{"percent":80}}}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/notices", "listNotices", ApiTag.Admin, "Notices and what became of them, newest first")
        {
            Parameters = ["limit", "cursor", "webhook_filter", "notice_status"],
            Answers = [ApiContent.Of(PlainJson.Api.PageNoticeResponse, ApiContent.ListOf(Notice))],
            Errors = ErrorStatuses.List,
        },
    ];
}
