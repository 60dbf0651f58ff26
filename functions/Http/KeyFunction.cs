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

/// <summary><c>GET /api/v1/key</c>: what the calling key is, an API key or a management key.</summary>
public sealed class KeyFunction(
    KeyQueries keys, ManagementKeyQueries managementKeys, BootstrapKey settings, HttpEndpointRunner runner)
{
    [Function("Key")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/key")]
        HttpRequest request) =>
        IsOperators(Secrets.Of(request))
            ? runner.AdministerAsync(
                request, AdminScope.Read, PlainJson.Api.OperatorKeyResponse, managementKeys.DescribeAsync)
            : runner.AnswerAsync(request, PlainJson.Api.KeyResponse, keys.FindAsync);

    /// <summary>The key in the settings may have any form; all others say by their prefix what they are.</summary>
    private bool IsOperators(string? secret) =>
        secret is not null && (KeySecret.TypeOf(secret) is KeyType.Management || settings.Is(secret));
}

/// <summary>Describes what a key can learn about itself.</summary>
internal static class KeyOperations
{
    private const string Key =
        $$"""
        {"object":"key","kind":"api","id":"demo-key","label":"Demo key","org":{"id":"demo","name":"Demo"},
        "plan":"pay-as-you-go","is_free_tier":false,"premium":false,"overflow":null,"refusal_status":429,
        "monthly_ceiling_usd":null,"limits":[{{QuotaOperations.Quota}}],
        "usage":{"today":{{Usage}},"this_month":{{Usage}} } }
        """;

    private const string Usage =
        """
        {"requests":1,"free":{"requests":1,"total_tokens":2},"gifted":{"requests":0,"tokens":0},"paid":{"requests":0,
        "tokens":0,"cost_usd":"0.00"}}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/key", "getKey", ApiTag.Account, "What the calling key is, what binds it and what it used")
        {
            Description =
                "A management key learns its label, scopes and end; no organisation and no limit is its own.",
            Answers = [ApiContent.Either(Key, PlainJson.Api.KeyResponse, PlainJson.Api.OperatorKeyResponse)],
            Errors = ErrorStatuses.Read,
        },
    ];
}
