using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>GET /api/v1/admin/refusals</c>: what all organisations were refused, by hour or day and reason.
/// </summary>
public sealed class AdminRefusalsFunction(RefusalSumQueries refusals, TimeProvider clock, HttpEndpointRunner runner)
{
    [Function("AdminRefusals")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/refusals")]
        HttpRequest request) =>
        runner.AdministerListAsync(request, PlainJson.Api.PageRefusalSumResponse, CsvTables.RefusalSums, _ =>
            Task.FromResult(RefusalSumQuery.Read(name => request.Query[name], clock.GetUtcNow()).Accepted(
                out var query, out var refusal)
                ? refusals.List(query)
                : (Result<Listing<RefusalSumResponse>>)refusal));
}

/// <summary>Describes the sums of what all organisations were refused.</summary>
internal static class AdminRefusalOperations
{
    private const string Sum =
        """
        {"period":"2026-05-29T12:00:00Z","code":"free_quota_exceeded","limit":"fastrouter-free.daily","count":31,"orgs":2,
        "most":[{"org":"demo","count":20},{"org":"acme","count":11}]}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/refusals", "listRefusalSums", ApiTag.Admin,
            "What all organisations were refused, by hour or day and reason, newest first")
        {
            Description = "Without `from` the last 24 hours, or 30 days; 7 days by hour and 100 by day at most. Who has no "
                + "key is not counted. With `Accept: text/csv` all lines come, unless `limit` is given.",
            Parameters = ["refusals_by", "from", "to", "model", "code", "limit", "cursor"],
            Answers =
            [
                ApiContent.Of(PlainJson.Api.PageRefusalSumResponse, ApiContent.ListOf(Sum)),
                ApiContent.Csv("period,code,limit,count,orgs\r\n2026-05-29T12:00:00Z,free_quota_exceeded,fastrouter-free.daily,31,2\r\n"),
            ],
            Errors = ErrorStatuses.List,
        },
    ];
}
