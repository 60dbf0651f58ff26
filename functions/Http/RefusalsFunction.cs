using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/refusals</c>: what the org was refused, by the minute, as JSON or CSV.</summary>
public sealed class RefusalsFunction(RefusalQueries refusals, HttpEndpointRunner runner)
{
    [Function("Refusals")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/refusals")]
        HttpRequest request) =>
        runner.ListAsync(request, PlainJson.Api.PageRefusalResponse, CsvTables.Refusals, caller =>
            RefusalQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? refusals.List(caller.Org.Id, query)
                : (Result<Listing<RefusalResponse>>)refusal);
}

/// <summary>Describes what an organisation was refused, as a list and as CSV.</summary>
internal static class RefusalOperations
{
    public const string Refusal =
        """
        {"minute":"2026-05-29T12:00:00Z","model":"demo/echo","variant":"free","code":"free_quota_exceeded",
        "limit":"fastrouter-free.daily","count":3}
        """;

    public static readonly ApiContent RefusalsCsv = ApiContent.Csv(
        "minute,model,variant,code,limit,count\r\n2026-05-29T12:00:00.000Z,demo/echo,free,free_quota_exceeded,fastrouter-free.daily,3\r\n");

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/refusals", "listRefusals", ApiTag.Account,
            "What the organisation was refused, by the minute, newest first")
        {
            Description = "A refusal shows some seconds after it was told. With `Accept: text/csv` all lines come, "
                + "unless `limit` is given.",
            Parameters = ["from", "to", "model", "code", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageRefusalResponse, ApiContent.ListOf(Refusal)), RefusalsCsv],
            Errors = ErrorStatuses.List,
        },
    ];
}
