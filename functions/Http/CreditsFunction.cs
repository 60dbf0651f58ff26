using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/credits</c>: bought, spent, held, left.</summary>
public sealed class CreditsFunction(CreditQueries credits, HttpEndpointRunner runner)
{
    [Function("Credits")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/credits")]
        HttpRequest request) =>
        runner.AnswerAsync(request, PlainJson.Api.CreditsResponse, credits.FindAsync);
}

/// <summary>Describes an organisation's account.</summary>
internal static class CreditsOperations
{
    public const string Credits = """
        {"object":"credits","bought_usd":"5.00","spent_usd":"0.25","held_usd":"0.00","left_usd":"4.75"}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/credits", "getCredits", ApiTag.Account,
            "What the organisation bought, spent and has left, in USD")
        {
            Answers = [ApiContent.Of(PlainJson.Api.CreditsResponse, Credits)],
            Errors = ErrorStatuses.Read,
        },
    ];
}
