namespace Freeway.Functions.Http.OpenApi;

/// <summary>What the activity queue has put aside.</summary>
internal static class DeadLetterOperations
{
    private const string Letter =
        """{"id":"019e7480d2a07c7f9b1e5a3c4d5e6f70","reason":"MaxDeliveryCountExceeded","description":"The message was delivered 10 times.","enqueued_at":"2026-05-29T12:00:00Z","deliveries":10}""";

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/dead-letters", "listDeadLetters", ApiTag.Admin, "The activity messages that were put aside, oldest first")
        {
            Description = "Looking takes nothing. What the messages hold is not shown.",
            Parameters = ["limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageDeadLetterResponse, AccountSamples.List(Letter))],
            Errors = [400, 401, 403, 500, 503],
        },
        new("POST", "api/v1/admin/dead-letters/replays", "replayDeadLetters", ApiTag.Admin, "Sends one dead letter, or all, into the queue again")
        {
            Description = "A dead letter is taken away once the broker has its message again. However often it is sent, its record is written once. One call takes 1000 at most.",
            Parameters = ["Idempotency-Key"],
            Body = new ApiContent(ApiContent.Json, """{"all":true}""")
            {
                Schema = """{"type":"object","additionalProperties":false,"properties":{"all":{"type":"boolean","description":"True for all that are there now."},"id":{"type":"string","minLength":1,"maxLength":128,"description":"Of one."}}}""",
            },
            Answers = [ApiContent.Of(PlainJson.Api.DeadLetterReplayResponse, """{"replayed":2,"left":0}""")],
            Errors = [400, 401, 403, 404, 413, 431, 500, 503],
        },
    ];
}
