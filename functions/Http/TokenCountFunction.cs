using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>POST /api/v1/messages/count_tokens</c>: how many tokens a message's prompt has. It takes nothing, and no
/// upstream is asked.
/// </summary>
public sealed class TokenCountFunction(TokenCountQueries counts, HttpEndpointRunner runner)
{
    [Function("MessagesCountTokens")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/messages/count_tokens")]
        HttpRequest request) =>
        runner.AnswerAsync(request, PlainJson.Api.TokenCount, async (caller, gone) =>
            (await runner.ReadBodyAsync(request, gone)).Accepted(out var body, out var refusal)
                ? await counts.CountAsync(caller, body, gone)
                : (Result<TokenCount>)refusal);
}

/// <summary>Describes the counting of tokens before a message is sent.</summary>
internal static class TokenCountOperations
{
    private const string Schema =
        """
        {"type":"object","required":["model","messages"],"additionalProperties":true,"properties":{
        "model":{"type":"string"},"messages":{"type":"array","items":{"type":"object"} } } }
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "POST", "api/v1/messages/count_tokens", "countMessageTokens", ApiTag.Account,
            "How many tokens a message's prompt has")
        {
            Description = "An estimate, rather too high than too low: the number that a request would reserve for its "
                + "prompt. Nothing is sent and nothing taken.",
            Body = new ApiContent(
                ApiContent.Json,
                """{"model":"demo/echo:free","messages":[{"role":"user","content":"hello"}]}""") { Schema = Schema },
            Answers = [ApiContent.Of(PlainJson.Api.TokenCount, """{"input_tokens":27}""")],
            Errors = [400, 401, 403, 404, 408, 413, 431, 500, 503],
            IsMessages = true,
        },
    ];
}
