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

/// <summary><c>GET /api/v1/admin/audit</c>: who changed what, newest first.</summary>
public sealed class AdminAuditFunction(AuditQueries audit, HttpEndpointRunner runner)
{
    [Function("AdminAudit")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/audit")]
        HttpRequest request) =>
        runner.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageAuditResponse, async (_, gone) =>
            AuditQueries.Read(name => request.Query[name]).Accepted(out var query, out var refusal) ? await audit.ListAsync(query, gone) : (Result<Page<AuditResponse>>)refusal);
}

/// <summary>Describes the record of who changed what.</summary>
internal static class AuditOperations
{
    private const string AuditRecord =
        """
        {"object":"audit_record","id":"019e7480d2a07c7f9b1e5a3c4d5e6f70","time":"2026-05-29T12:00:00Z",
        "by":"settings","action":"org.change","subject":{"kind":"org","id":"acme","org":"acme"},"before":{"id":"acme",
        "name":"Acme","disabled":false},"after":{"id":"acme","name":"Acme","disabled":true}}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/audit", "listAudit", ApiTag.Admin, "Who changed what, newest first")
        {
            Parameters = ["kind", "subject", "orgFilter", "byOperator", "from", "to", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageAuditResponse, ApiContent.ListOf(AuditRecord))],
            Errors = ErrorStatuses.List,
        },
    ];
}
