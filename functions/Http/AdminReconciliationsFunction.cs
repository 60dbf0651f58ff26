using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
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
public sealed class AdminReconciliationsFunction(
    ReconciliationQueries queries, ReconciliationCommands commands, HttpEndpointRunner runner)
{
    private const string Path = "api/v1/admin/reconciliations";

    [Function("AdminReconciliations")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = Path)] HttpRequest request) =>
        request.Verb() is "POST"
            ? runner.CommandAsync(request, AdminScope.All, PlainJson.Api.ReconciliationResponse, commands.RepairAsync)
            : CompareAsync(request);

    private Task<IActionResult> CompareAsync(HttpRequest request) =>
        runner.AdministerAsync(request, AdminScope.Read, PlainJson.Api.ReconciliationResponse, async (_, gone) =>
            ReconciliationRequest.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await queries.CompareAsync(query, gone)
                : (Result<ReconciliationResponse>)refusal);
}

/// <summary>Describes the comparison of the ledger with the activity.</summary>
internal static class ReconciliationOperations
{
    private const string Reconciliation =
        """
        {"object":"reconciliation","at":"2026-05-29T12:00:00Z","from":"2026-05-28","to":"2026-05-29","orgs":1,
        "orgs_failed":0,"drift":1,"repaired":0,"in_flight":0,"checked":14,"busy":0,"unchecked":1,
        "differences":[{"book":"counter","org":"demo","subject":"fastrouter-free.daily|demo/echo",
        "window":"2026-05-29","figure":"used","stored":9,"expected":8,"in_flight":false,"repaired":false}]}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/reconciliations", "compareBooks", ApiTag.Admin,
            "Counts the books anew from the records, and tells where they differ")
        {
            Description = "Nothing is changed. What is under way is no drift: it is told apart as `in_flight`.",
            Parameters = ["org_to_compare", "days"],
            Answers = [ApiContent.Of(PlainJson.Api.ReconciliationResponse, Reconciliation)],
            Errors = [400, 404, .. ErrorStatuses.Read],
        },
        new(
            "POST", "api/v1/admin/reconciliations", "repairBooks", ApiTag.Admin,
            "The same, and with `repair` writes what the records say where there is drift")
        {
            Description = "A figure that moves meanwhile is left as it is. The audit notes the order, and what was "
                + "changed.",
            Parameters = ["Idempotency-Key"],
            Body = new ApiContent(ApiContent.Json, """{"org":"demo","days":2,"repair":true}""")
            {
                Schema = """
                    {"type":"object","properties":{"org":{"type":"string","description":"All where it is left out."},
                    "days":{"type":"integer","minimum":1,"maximum":400,"default":2},"repair":{"type":"boolean",
                    "default":false}},"additionalProperties":false}
                    """,
            },
            Answers = [ApiContent.Of(PlainJson.Api.ReconciliationResponse, Reconciliation)],
            Errors = [400, 404, 408, 409, 413, 431, .. ErrorStatuses.Read],
        },
    ];
}
