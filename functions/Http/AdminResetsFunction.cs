using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/admin/resets</c>: the closed days, and <c>POST</c>, which closes now what is due.
/// </summary>
public sealed class AdminResetsFunction(ResetQueries queries, ResetCommands commands, HttpEndpointRunner runner)
{
    [Function("AdminResets")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/admin/resets")]
        HttpRequest request) =>
        request.Verb() is "POST"
            ? runner.CommandAsync(request, AdminScope.All, PlainJson.Api.PageResetResponse, commands.CloseDaysAsync)
            : ListAsync(request);

    private Task<IActionResult> ListAsync(HttpRequest request) => runner.AdministerAsync(
        request, AdminScope.Read, PlainJson.Api.PageResetResponse,
        (_, gone) => queries.ListAsync(name => request.Query[name], gone));
}

/// <summary>Describes the daily closing: its runs, and how to run it now.</summary>
internal static class ResetOperations
{
    private const string Resets =
        """
        {"object":"list","data":[{"day":"2026-05-28","first_run_at":"2026-05-29T00:00:00Z",
        "last_run_at":"2026-05-29T00:00:00Z","closed_at":"2026-05-29T00:00:01Z","runs":1,"orgs_closed":1,
        "orgs_failed":0,"corrections":0,"late_seconds":0}]}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/resets", "listResets", ApiTag.Admin, "The days that were closed, newest first")
        {
            Parameters = ["limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageResetResponse, Resets)],
            Errors = [400, .. ErrorStatuses.Read],
        },
        new(
            "POST", "api/v1/admin/resets", "runResets", ApiTag.Admin,
            "Closes now the days that are due, as the timer does")
        {
            Parameters = ["Idempotency-Key"],
            Answers = [ApiContent.Of(PlainJson.Api.PageResetResponse, Resets)],
            Errors = [400, 408, 409, 413, 431, .. ErrorStatuses.Read],
        },
    ];
}
