using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/audit</c>: who changed what, newest first.</summary>
public sealed class AdminAuditFunction(AuditTrail audit, HttpEndpointRunner doorway)
{
    [Function("AdminAudit")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/audit")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageAuditResponse, async (_, gone) =>
            AuditTrail.Read(name => request.Query[name]).Accepted(out var query, out var refusal) ? await audit.ListAsync(query, gone) : (Result<Page<AuditResponse>>)refusal);
}
