using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Gateway.Catalogue.Edits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>Serves <c>/api/v1/admin/plans</c>: the plans of the catalogue, those of its presets included.</summary>
public sealed class AdminPlansFunction(CatalogueEntryHandler entries, UnmatchedRequestHandler unmatched)
{
    private const string Path = "api/v1/admin/plans/{name?}";

    [Function("AdminPlans")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "put", "patch", "delete", Route = Path)]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("name")) switch
        {
            ("GET", null) => entries.ListAsync(request, EntryKind.Plan),
            (_, { } name) => entries.ServeAsync(request, EntryKind.Plan, Uri.UnescapeDataString(name)),
            _ => unmatched.AnswerAsync(request),
        };
}

/// <summary>Describes the plans as entries of the catalogue.</summary>
internal static class CataloguePlanOperations
{
    private const string Plan =
        """
        {"object":"plan","id":"fastrouter-free","preset":"fastrouter","entry":{"limits":[{"name":"daily",
        "unit":"requests","amount":10,"window":"day","scope":"org_model"}]}}
        """;

    public static IEnumerable<ApiOperation> All => CatalogueEntryOperations.Of(
        "plans", "{name}", "plan_name", "Plan", Plan,
        """{"limits":[{"name":"daily","unit":"requests","amount":5,"window":"day","scope":"org_model"}]}""");
}
