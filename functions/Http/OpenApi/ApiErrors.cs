using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Core;

namespace Freeway.Functions.Http.OpenApi;

/// <summary>The errors by status, each with examples that are written by the code that writes the errors.</summary>
internal static class ApiErrors
{
    private const string RequestId = "019e7480d2a07c7f9b1e5a3c4d5e6f70";

    private static readonly DateTimeOffset Midnight = new(2026, 5, 30, 0, 0, 0, TimeSpan.Zero);

    private static readonly FrozenDictionary<int, string> Meanings = new Dictionary<int, string>
    {
        [400] = "The request is wrong, before anything was taken: not JSON, a field out of place, a suffix that the "
            + "model does not have, a cap or the context length exceeded, or more asked for than a whole limit holds.",
        [401] = "The key is missing or not known.",
        [402] = "The account cannot pay for this; or a hard quota is spent and the key asks for 402.",
        [403] = "The key or its organisation is disabled, is no key for this, or lacks the scope, or the plan does "
            + "not include this; or a quota that never comes back is used up; or a hard quota is spent and the key "
            + "asks for 403.",
        [404] = "There is no such model, organisation or path.",
        [408] = "The body arrived too slowly.",
        [409] = "The same Idempotency-Key is under way, was answered with something that cannot be told again, or "
            + "belongs to another request; or what there is stands in the way.",
        [412] = "The document is no longer what If-Match says.",
        [413] = "The body is larger than this gateway takes.",
        [429] = "A quota, a rate or the number of requests at once is reached. Retry-After says when to come back; "
            + "x-should-retry: false where that is longer than a minute.",
        [431] = "The headers are larger than this gateway takes.",
        [500] = "A bug of ours. Nothing was charged.",
        [502] = "No upstream answered. What was taken is given back.",
        [503] = "Usage cannot be counted or storage gives no answer at the moment, or this instance is stopping. "
            + "Nothing was taken.",
        [504] = "No upstream answered in time. What was taken is given back.",
    }.ToFrozenDictionary();

    private static readonly IReadOnlyList<Refusal> Examples =
    [
        Refuse.InvalidJson("'}' is invalid after a comma."),
        Refuse.InvalidFields([new("plan", "'plan' must be one of the catalogue."), new(
            "disabled", "'disabled' must be true or false.")]),
        Refuse.FreeSlugNotEnabled(),
        Refuse.CapExceeded(
            "max_tokens", 512, "This plan answers with 512 tokens at most. Set max_tokens to 512 or less."),
        new(RefusalCode.SignInFailed, "The provider did not accept the sign-in. Begin again."),
        Refuse.InvalidApiKey(missing: true),
        new(
            RefusalCode.InsufficientCredits,
            "The account has nothing left to pay for this. Add credits, or use a model's :free slug."),
        Refuse.KeyDisabled(),
        Refuse.ModelNotAllowed("demo/paid"),
        new(
            RefusalCode.FreeQuotaExhausted,
            "Your organisation's free quota of 1000 requests is used up. It does not come back.")
        {
            Limit = new("nvidia.credits", 1000, 1000, "requests", "lifetime", null),
        },
        Refuse.NeedsManagementKey(),
        Refuse.InsufficientScope("billing"),
        new(RefusalCode.SignUpRefused, "Who is new here needs an invitation. Ask the operator of this gateway for one."),
        Refuse.ModelNotFound("demo/nobody"),
        Refuse.RequestTimeout(),
        Refuse.RequestInProgress("019e7480d2a07c7f9b1e5a3c4d5e6f70"),
        Refuse.AlreadyCompleted("019e7480d2a07c7f9b1e5a3c4d5e6f70"),
        Refuse.Conflict("There is or was one of the id 'acme' already; ids are not used twice. Choose another.", "id"),
        Refuse.PreconditionFailed(),
        Refuse.RequestTooLarge(20_000_000),
        new(RefusalCode.FreeQuotaExceeded, "Your organisation has reached the daily free request limit for this model.")
        {
            Limit = new("fastrouter-free.daily", 10, 10, "requests", "day", Midnight) { Suggestions = ["demo/echo"] },
        },
        new(
            RefusalCode.SignUpLimitReached,
            "As many people have signed up today as may. Come back after 2026-05-30 00:00 UTC, or ask the operator for "
            + "an invitation."),
        Refuse.RequestHeadersTooLarge(24_576),
        Refuse.InternalError(),
        Refuse.UpstreamError("500 from loopback"),
        Refuse.QuotaUnavailable(),
        Refuse.OutcomeUnknown("01997d1c4f7a7c3e8b0e5a9c2d4f6a10"),
        Refuse.StorageUnavailable(),
        new(RefusalCode.IdentityProviderUnavailable, "The provider does not answer at the moment. Begin again shortly."),
        Refuse.UpstreamTimeout(),
    ];

    public static string Meaning(int status) => Meanings[status];

    /// <summary>Examples by error code.</summary>
    /// <param name="asMessages">Whether they have the shape of the Messages API.</param>
    public static JsonObject ExamplesOf(int status, bool asMessages)
    {
        var examples = new JsonObject();
        foreach (var refusal in Examples.Where(refusal => refusal.Code.Status() == status))
        {
            examples[refusal.Code.WireName()] = new JsonObject
            {
                ["value"] = asMessages
                    ? JsonSerializer.SerializeToNode(
                        MessagesError.Body(refusal, RequestId), PlainJson.Api.MessagesErrorBody)
                    : JsonSerializer.SerializeToNode(RefusalResponseWriter.Body(refusal), PlainJson.Api.ErrorBody),
            };
        }

        return examples;
    }
}
