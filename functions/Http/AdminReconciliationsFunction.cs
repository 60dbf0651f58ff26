using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET</c> and <c>POST /api/v1/admin/reconciliations</c>: compares the books with the records, and with <c>repair</c> sets them right.</summary>
public sealed class AdminReconciliationsFunction(ReconciliationsView reconciliations, Doorway doorway)
{
    private const string Path = "api/v1/admin/reconciliations";

    [Function("AdminReconciliations")]
    public Task<IActionResult> CompareAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Path)] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.ReconciliationCard, async (_, gone) =>
            ReconciliationOrder.Read(name => request.Query[name]).Accepted(out var order, out var refusal)
                ? await reconciliations.CompareAsync(order, gone)
                : (Decision<ReconciliationCard>)refusal);

    [Function("AdminReconciliationsRun")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Path)] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.ReconciliationCard, reconciliations.RunAsync);
}
