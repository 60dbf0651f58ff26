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
/// Serves <c>GET /api/v1/admin/credits?org=</c>: an org's account, and <c>POST /api/v1/admin/credits</c>, which adds to
/// it.
/// </summary>
public sealed class AdminCreditsFunction(CreditQueries queries, CreditCommands commands, HttpEndpointRunner runner)
{
    [Function("AdminCredits")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/admin/credits")]
        HttpRequest request) =>
        request.Verb() is "POST"
            ? runner.CommandAsync(request, AdminScope.Billing, PlainJson.Api.CreditsResponse, commands.TopUpAsync)
            : FindAsync(request);

    private Task<IActionResult> FindAsync(HttpRequest request) => runner.AdministerAsync(
        request, AdminScope.Read, PlainJson.Api.AccountResponse,
        (_, gone) => queries.FindAccountAsync(request.Query["org"], gone));
}

/// <summary>Describes the accounts of organisations and how they are topped up.</summary>
internal static class AdminCreditsOperations
{
    private const string Account =
        """
        {"object":"account","org":"acme","bought_usd":"5.00","spent_usd":"0.25","held_usd":"0.00","left_usd":"4.75",
        "purchases":[{"id":"invoice-17","usd":"5.00","time":"2026-05-29T12:00:00Z"}]}
        """;

    private static ApiContent TopUp { get; } = new(ApiContent.Json, """{"org":"demo","usd":"5.00"}""")
    {
        Schema = """
            {"type":"object","required":["org","usd"],"properties":{"org":{"type":"string"},"usd":{"type":["string",
            "number"],"description":"Above 0, nine decimals at most."}}}
            """,
    };

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/credits", "getAccount", ApiTag.Admin,
            "An organisation's account, and what it was filled with")
        {
            Parameters = ["orgInQuery"],
            Answers = [ApiContent.Of(PlainJson.Api.AccountResponse, Account)],
            Errors = [400, .. ErrorStatuses.Find],
        },
        new(
            "POST", "api/v1/admin/credits", "addCredits", ApiTag.Admin,
            "Adds to an organisation's account, once for each Idempotency-Key")
        {
            Parameters = ["Idempotency-Key_needed"],
            Body = TopUp,
            Answers = [ApiContent.Of(PlainJson.Api.CreditsResponse, CreditsOperations.Credits)],
            Errors = [404, .. ErrorStatuses.Create],
        },
    ];
}
