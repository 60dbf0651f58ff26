using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/refusals</c>: what the org was refused, by the minute, as JSON or CSV.</summary>
public sealed class RefusalsFunction(RefusalsView refusals, HttpEndpointRunner doorway)
{
    [Function("Refusals")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/refusals")] HttpRequest request) =>
        doorway.ListAsync(request, PlainJson.Api.PageRefusalResponse, CsvTables.Refusals, caller =>
            RefusalQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? refusals.List(caller.Org.Id, query)
                : (Result<Listing<RefusalResponse>>)refusal);
}
