using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>GET /api/v1/admin/orgs/{org}/activity</c>, <c>usage</c>, <c>refusals</c> and <c>quota</c>: what an org sees of
/// itself, for the operator.
/// </summary>
public sealed class AdminOrgUsageFunction(OrgUsageQueries queries, TimeProvider clock, HttpEndpointRunner runner)
{
    private const string Org = "api/v1/admin/orgs/{org}/";

    [Function("AdminOrgActivity")]
    public Task<IActionResult> ActivityAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Org + "activity")]
        HttpRequest request, string org) =>
        runner.AdministerListAsync(request, PlainJson.Api.PageActivityRecord, CsvTables.Activity, async gone =>
            ActivityQuery.Read(RequestOptionsHeaders.Fields(request)).Accepted(out var query, out var refusal) ? await queries.ActivityAsync(org, query, gone) : refusal);

    [Function("AdminOrgUsage")]
    public Task<IActionResult> UsageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Org + "usage")]
        HttpRequest request, string org) =>
        runner.AdministerListAsync(request, PlainJson.Api.PageUsageLine, CsvTables.Usage, async gone =>
            UsageQuery.Read(RequestOptionsHeaders.Fields(request), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).Accepted(
                out var query, out var refusal)
                ? await queries.UsageAsync(org, query, gone)
                : refusal);

    [Function("AdminOrgRefusals")]
    public Task<IActionResult> RefusalsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Org + "refusals")]
        HttpRequest request, string org) =>
        runner.AdministerListAsync(request, PlainJson.Api.PageRefusalResponse, CsvTables.Refusals, async gone =>
            RefusalQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal) ? await queries.RefusalsAsync(org, query, gone) : refusal);

    [Function("AdminOrgQuota")]
    public Task<IActionResult> QuotaAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Org + "quota")]
        HttpRequest request, string org) =>
        runner.AdministerAsync(
            request, AdminScope.Read, PlainJson.Api.PageQuotaResponse,
            (_, gone) => queries.QuotaAsync(org, Key(request), RequestOptionsHeaders.EndUser(request), gone));

    private static string? Key(HttpRequest request) =>
        request.Query["key"].ToString() is { Length: > 0 } key ? key : null;
}

/// <summary>Describes what the operator sees of one organisation's use.</summary>
internal static class OrgUsageOperations
{
    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/orgs/{org}/activity", "listActivityOfOrg", ApiTag.Admin,
            "An organisation's requests, newest first")
        {
            Parameters = ["org_of_books", "limit", "cursor", "from", "to", "model", "tier", "key", "end_user", "X-Freeway-End-User", "status"],
            Answers = [ApiContent.Of(PlainJson.Api.PageActivityRecord, ApiContent.ListOf(ActivityOperations.Activity)), ActivityOperations.ActivityCsv],
            Errors = [400, 404, .. ErrorStatuses.Read],
        },
        new(
            "GET", "api/v1/admin/orgs/{org}/usage", "getUsageOfOrg", ApiTag.Admin,
            "What an organisation used, summed up, newest first")
        {
            Parameters = ["org_of_books", "by", "group", "from_day", "to_day", "model", "key", "tier", "end_user", "X-Freeway-End-User", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageUsageLine, ApiContent.ListOf(UsageOperations.Line)), UsageOperations.UsageCsv],
            Errors = [400, 404, .. ErrorStatuses.Read],
        },
        new(
            "GET", "api/v1/admin/orgs/{org}/refusals", "listRefusalsOfOrg", ApiTag.Admin,
            "What an organisation was refused, by the minute, newest first")
        {
            Parameters = ["org_of_books", "from", "to", "model", "code", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageRefusalResponse, ApiContent.ListOf(RefusalOperations.Refusal)), RefusalOperations.RefusalsCsv],
            Errors = [400, 404, .. ErrorStatuses.Read],
        },
        new(
            "GET", "api/v1/admin/orgs/{org}/quota", "listQuotaOfOrg", ApiTag.Admin,
            "Every limit that all keys of an organisation share, or that binds one of them")
        {
            Parameters = ["org_of_books", "key", "end_user", "X-Freeway-End-User"],
            Answers = [ApiContent.Of(PlainJson.Api.PageQuotaResponse, ApiContent.ListOf(QuotaOperations.Quota))],
            Errors = [404, .. ErrorStatuses.Read],
        },
    ];
}
