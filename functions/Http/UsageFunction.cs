using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/usage</c>: what the org used, summed up, as JSON or CSV.</summary>
public sealed class UsageFunction(UsageView usage, TimeProvider clock, HttpEndpointRunner doorway)
{
    [Function("Usage")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/usage")] HttpRequest request) =>
        doorway.ListAsync(request, PlainJson.Api.PageUsageLine, CsvTables.Usage, caller =>
            UsageQuery.Read(name => request.Query[name], DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).Accepted(out var query, out var refusal)
                ? usage.List(caller.Org.Id, query)
                : (Result<Listing<UsageLine>>)refusal);
}
