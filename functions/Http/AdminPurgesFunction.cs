using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/admin/purges</c>: takes away the activity that is older than it is kept.</summary>
public sealed class AdminPurgesFunction(PurgeCommands purges, HttpEndpointRunner runner)
{
    [Function("AdminPurges")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/purges")]
        HttpRequest request) =>
        runner.CommandAsync(request, AdminScope.All, PlainJson.Api.PurgeResponse, purges.PurgeAsync);
}

/// <summary>Describes the removal of old activity.</summary>
internal static class PurgeOperations
{
    private const string Purge =
        """
        {"object":"purge","dry_run":false,"kept_from":"2025-04-01","orgs":1,"orgs_failed":0,"months":1,"records":1200,
        "refusals":31,"sums":60}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "POST", "api/v1/admin/purges", "purge", ApiTag.Admin,
            "Takes away the activity that is older than it is kept, as the daily closing does")
        {
            Description = "How long it is kept is the setting `Freeway__ActivityMonths`. Sums of closed days stay for "
                + "ever.",
            Parameters = ["Idempotency-Key"],
            Body = new ApiContent(ApiContent.Json, """{"dry_run":false}""")
            {
                Schema = """
                    {"type":"object","properties":{"dry_run":{"type":"boolean","default":false,
                    "description":"Counts, and takes nothing."}},"additionalProperties":false}
                    """,
            },
            Answers = [ApiContent.Of(PlainJson.Api.PurgeResponse, Purge)],
            Errors = [400, 408, 409, 413, 431, .. ErrorStatuses.Read],
        },
    ];
}
