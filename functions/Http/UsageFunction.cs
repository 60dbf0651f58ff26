using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/usage</c>: what the org used, summed up, as JSON or CSV.</summary>
public sealed class UsageFunction(UsageQueries usage, TimeProvider clock, HttpEndpointRunner runner)
{
    [Function("Usage")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/usage")]
        HttpRequest request) =>
        runner.ListAsync(request, PlainJson.Api.PageUsageLine, CsvTables.Usage, caller =>
            UsageQuery.Read(RequestOptionsHeaders.Fields(request), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).Accepted(
                out var query, out var refusal)
                ? usage.List(caller.Org.Id, query)
                : (Result<Listing<UsageLine>>)refusal);
}

/// <summary>Describes what an organisation used, as a list and as CSV.</summary>
internal static class UsageOperations
{
    public const string Line =
        """
        {"period":"2026-05-29","model":"demo/echo","requests":12,"free":{"requests":10,"total_tokens":240},
        "gifted":{"requests":0,"tokens":0},"paid":{"requests":2,"tokens":48,"cost_usd":"0.0000144"},
        "refused":{"count":3,"reasons":[{"code":"free_quota_exceeded","limit":"fastrouter-free.daily","count":3}]},
        "cached_tokens":0,"reasoning_tokens":0}
        """;

    public static readonly ApiContent UsageCsv = ApiContent.Csv(
        "period,model,key,tier,requests,free_requests,free_tokens,gifted_requests,gifted_tokens,paid_requests,paid_tokens,paid_usd,refused,refused_for,cached_tokens,reasoning_tokens\r\n"
        + "2026-05-29,demo/echo,,,12,10,240,0,0,2,48,0.0000144,3,free_quota_exceeded (fastrouter-free.daily): 3,0,0\r\n");

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/usage", "getUsage", ApiTag.Account, "What the organisation used, summed up, newest first")
        {
            Description = "Free, gifted and paid use stand apart; only requests are counted together too. Today is "
                + "included. Refusals are told where the lines are divided by neither key nor tier. "
                + "With `Accept: text/csv` all lines come, unless `limit` is given.",
            Parameters = ["by", "group", "from_day", "to_day", "model", "key", "tier", "end_user", "X-Freeway-End-User", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageUsageLine, ApiContent.ListOf(Line)), UsageCsv],
            Errors = ErrorStatuses.List,
        },
    ];
}
