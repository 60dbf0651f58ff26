using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/orgs/{org}/activity</c>, <c>usage</c>, <c>refusals</c> and <c>quota</c>: what an org sees of itself, for the operator.</summary>
public sealed class AdminOrgBooksFunction(OrgBooksView books, TimeProvider clock, HttpEndpointRunner doorway)
{
    private const string Org = "api/v1/admin/orgs/{org}/";

    [Function("AdminOrgActivity")]
    public Task<IActionResult> ActivityAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Org + "activity")] HttpRequest request, string org) =>
        doorway.AdministerListAsync(request, PlainJson.Api.PageActivityRecord, CsvTables.Activity, async gone =>
            ActivityQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal) ? await books.ActivityAsync(org, query, gone) : refusal);

    [Function("AdminOrgUsage")]
    public Task<IActionResult> UsageAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Org + "usage")] HttpRequest request, string org) =>
        doorway.AdministerListAsync(request, PlainJson.Api.PageUsageLine, CsvTables.Usage, async gone =>
            UsageQuery.Read(name => request.Query[name], DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).Accepted(out var query, out var refusal)
                ? await books.UsageAsync(org, query, gone)
                : refusal);

    [Function("AdminOrgRefusals")]
    public Task<IActionResult> RefusalsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Org + "refusals")] HttpRequest request, string org) =>
        doorway.AdministerListAsync(request, PlainJson.Api.PageRefusalResponse, CsvTables.Refusals, async gone =>
            RefusalQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal) ? await books.RefusalsAsync(org, query, gone) : refusal);

    [Function("AdminOrgQuota")]
    public Task<IActionResult> QuotaAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Org + "quota")] HttpRequest request, string org) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageQuotaResponse, (_, gone) => books.QuotaAsync(org, gone));
}
