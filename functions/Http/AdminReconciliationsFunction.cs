using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET</c> and <c>POST /api/v1/admin/reconciliations</c>: compares the books with the records, and with
/// <c>repair</c> sets them right.
/// </summary>
public sealed class AdminReconciliationsFunction(ReconciliationsView reconciliations, HttpEndpointRunner doorway)
{
    private const string Path = "api/v1/admin/reconciliations";

    [Function("AdminReconciliations")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = Path)] HttpRequest request) =>
        request.Verb() is "POST"
            ? doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.ReconciliationResponse, reconciliations.RunAsync)
            : CompareAsync(request);

    private Task<IActionResult> CompareAsync(HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.ReconciliationResponse, async (_, gone) =>
            ReconciliationRequest.Read(name => request.Query[name]).Accepted(out var order, out var refusal)
                ? await reconciliations.CompareAsync(order, gone)
                : (Result<ReconciliationResponse>)refusal);
}
