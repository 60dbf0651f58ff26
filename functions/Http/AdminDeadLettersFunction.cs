using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>GET /api/v1/admin/dead-letters</c> shows what the queue has put aside, <c>POST …/replays</c> sends it again.
/// </summary>
public sealed class AdminDeadLettersFunction(
    DeadLetterQueries queries, DeadLetterCommands commands, HttpEndpointRunner runner)
{
    [Function("AdminDeadLetters")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/dead-letters")]
        HttpRequest request) =>
        runner.AdministerAsync(
            request, AdminScope.Read, PlainJson.Api.PageDeadLetterResponse,
            (_, gone) => queries.ListAsync(name => request.Query[name], gone));

    [Function("AdminDeadLettersReplay")]
    public Task<IActionResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/dead-letters/replays")]
        HttpRequest request) =>
        runner.CommandAsync(request, AdminScope.All, PlainJson.Api.DeadLetterReplayResponse, commands.ReplayAsync);
}

/// <summary>Describes the activity messages that the queue has put aside.</summary>
internal static class DeadLetterOperations
{
    private const string Letter =
        """
        {"id":"019e7480d2a07c7f9b1e5a3c4d5e6f70","reason":"MaxDeliveryCountExceeded",
        "description":"The message was delivered 10 times.","enqueued_at":"2026-05-29T12:00:00Z","deliveries":10}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/dead-letters", "listDeadLetters", ApiTag.Admin,
            "The activity messages that were put aside, oldest first")
        {
            Description = "Looking takes nothing. What the messages hold is not shown.",
            Parameters = ["limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageDeadLetterResponse, ApiContent.ListOf(Letter))],
            Errors = [400, 401, 403, 500, 503],
        },
        new(
            "POST", "api/v1/admin/dead-letters/replays", "replayDeadLetters", ApiTag.Admin,
            "Sends one dead letter, or all, into the queue again")
        {
            Description = "A dead letter is taken away once the broker has its message again. However often it is "
                + "sent, its record is written once. One call takes 1000 at most.",
            Parameters = ["Idempotency-Key"],
            Body = new ApiContent(ApiContent.Json, """{"all":true}""")
            {
                Schema = """
                    {"type":"object","additionalProperties":false,"properties":{"all":{"type":"boolean",
                    "description":"True for all that are there now."},"id":{"type":"string","minLength":1,
                    "maxLength":128,"description":"Of one."}}}
                    """,
            },
            Answers = [ApiContent.Of(PlainJson.Api.DeadLetterReplayResponse, """{"replayed":2,"left":0}""")],
            Errors = [400, 401, 403, 404, 408, 413, 431, 500, 503],
        },
    ];
}
