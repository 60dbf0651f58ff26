namespace Freeway.Gateway.Core;

/// <summary>Makes the refusals, each with a message that says what to do next.</summary>
public static class Refuse
{
    /// <summary>The wait that a caller is told in an outage of storage: most are over by then.</summary>
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public static Refusal InvalidJson(string detail) =>
        new(RefusalCode.InvalidJson, $"The request body is not valid JSON: {detail}");

    public static Refusal InvalidForm(string detail) =>
        new(RefusalCode.InvalidRequest, $"The request body is not a valid form: {detail}");

    public static Refusal InvalidField(string param, string message) =>
        new(RefusalCode.InvalidRequest, message) { Param = param };

    /// <param name="limit">The limit that counts for each end user, e.g. <c>chat-app.daily</c>.</param>
    public static Refusal EndUserMissing(string limit) => InvalidField(
        "user",
        $"The limit '{limit}' counts for each end user, and this request names none. Send the id of the person whom it "
            + "is for in the header x-freeway-end-user or, where the API has them, in 'safety_identifier' or 'user'.");

    /// <param name="errors">At least one; the first is told apart for those who read only that.</param>
    public static Refusal InvalidFields(IReadOnlyList<FieldError> errors) =>
        new(RefusalCode.InvalidRequest, errors[0].Message) { Param = errors[0].Param, Errors = errors };

    public static Refusal ConflictingVariants() =>
        new(
            RefusalCode.ConflictingVariants,
            "A model id takes one suffix at most: use either :free or :flex, once.") { Param = "model" };

    public static Refusal ModelNotFound(string model, string? nearest = null) =>
        new(RefusalCode.ModelNotFound, nearest is null
            ? $"The model '{Shorten(model)}' does not exist. GET /api/v1/models lists the ids."
            : $"The model '{Shorten(model)}' does not exist; ids are case-sensitive, did you mean '{nearest}'?")
        { Param = "model" };

    /// <summary>Word for word the reference's (seed 003).</summary>
    public static Refusal FreeSlugNotEnabled() =>
        new(RefusalCode.FreeSlugNotEnabled, "The :free slug is not available for this model. Use the standard model ID or check the model catalog for supported free models.")
        { Param = "model" };

    public static Refusal FlexSlugNotEnabled() =>
        new(RefusalCode.FlexSlugNotEnabled, "The :flex slug is not available for this model. Use the standard model ID, or see 'variants' in GET /api/v1/models.")
        { Param = "model" };

    public static Refusal InvalidApiKey(bool missing) =>
        new(RefusalCode.InvalidApiKey, missing
            ? "No API key was given. Send it as 'Authorization: Bearer <key>'."
            : "The API key is not known or has expired. Check it, or ask your organisation for a new one.");

    public static Refusal KeyDisabled() =>
        new(
            RefusalCode.KeyDisabled,
            "This API key is disabled. Ask your organisation to enable it or to create another.");

    public static Refusal OrgDisabled() =>
        new(RefusalCode.OrgDisabled, "This organisation is disabled. Ask the operator of this gateway.");

    /// <param name="scope">The scope that the endpoint asks for, e.g. <c>billing</c>.</param>
    public static Refusal InsufficientScope(string scope) =>
        new(
            RefusalCode.InsufficientScope,
            $"This management key lacks the scope '{scope}'. Use one that has it, or 'all'.");

    /// <summary>Refuses an API key at an endpoint of the operator.</summary>
    public static Refusal NeedsManagementKey() =>
        new(RefusalCode.WrongKeyType, "This is an API key; it cannot administer. Use a management key.");

    /// <summary>Refuses a management key at an endpoint for callers.</summary>
    public static Refusal NeedsApiKey() =>
        new(
            RefusalCode.WrongKeyType,
            "This is a management key; it belongs to no organisation. Use an API key of one.");

    /// <param name="message">What is in the way, and what to do about it.</param>
    public static Refusal Conflict(string message, string? param = null) => new(
        RefusalCode.Conflict, message) { Param = param };

    public static Refusal IdempotencyKeyReused() =>
        Conflict(
            "This Idempotency-Key belongs to another request. Send another key for another request.",
            "Idempotency-Key");

    public static Refusal PreconditionFailed() =>
        new(RefusalCode.PreconditionFailed, "It is no longer what If-Match says. Read it again, and send the change with its new ETag.") { Param = "If-Match" };

    /// <summary>
    /// Refuses an operator's request because storage gives no answer. Whether a change was made is not known.
    /// </summary>
    public static Refusal StorageUnavailable() =>
        new(RefusalCode.StorageUnavailable, "Storage gives no answer at the moment. Whether a change was made shows when you read it; sent again with the same Idempotency-Key it is made once.")
        { RetryAfter = RetryAfterOutage };

    /// <summary>Refuses a body that arrives too slowly.</summary>
    public static Refusal RequestTimeout() =>
        new(RefusalCode.RequestTimeout, "The request body arrived too slowly, and reading it was given up. Nothing was sent "
            + "and nothing was taken; send it again over a faster connection.");

    /// <summary>Refuses a body that breaks the rules of HTTP, for example by a chunk without a valid size.</summary>
    public static Refusal InvalidTransfer(string detail) =>
        new(RefusalCode.InvalidRequest, $"The request body was not sent as HTTP says: {detail}");

    /// <summary>Refuses a request to a model that does not serve this endpoint.</summary>
    public static Refusal WrongEndpoint(string model, string endpoint, IEnumerable<string> served) =>
        InvalidField(
            "model",
            $"The model '{Shorten(model)}' does not serve {endpoint}. It serves {string.Join(", ", served)}; for {endpoint} "
            + "choose another model, GET /api/v1/models lists them.");

    public static Refusal RequestTooLarge(long limit) =>
        new(RefusalCode.RequestTooLarge, $"The request body is larger than {limit} bytes. Send a smaller one.");

    public static Refusal RequestHeadersTooLarge(long limit) =>
        new(
            RefusalCode.RequestHeadersTooLarge,
            $"The request's headers are larger than {limit} bytes. Send fewer or shorter ones.");

    public static Refusal CapExceeded(string? param, CapBound cap, string message) =>
        new(RefusalCode.CapExceeded, message) { Param = param, Cap = cap };

    /// <param name="ceiling">The member that bounds the output; null where the answer takes no tokens.</param>
    public static Refusal ContextLengthExceeded(string content, string? ceiling, long tokens, long most) =>
        new(RefusalCode.ContextLengthExceeded, ceiling is null
            ? $"The request could need {tokens} tokens; {most} are allowed. Shorten '{content}'."
            : $"The request could need {tokens} tokens, prompt and completion together; {most} are allowed. Shorten '{content}' or lower {ceiling}.")
        { Param = content, Cap = most };

    public static Refusal PlanNotEligible(string message) => new(
        RefusalCode.PlanNotEligible, message) { Param = "model" };

    public static Refusal ModelNotAllowed(string model) =>
        new(RefusalCode.ModelNotAllowed, $"This API key may not call the model '{Shorten(model)}'. GET /api/v1/models lists those that it may.") { Param = "model" };

    public static Refusal RequestInProgress(string requestId) =>
        new(
            RefusalCode.RequestInProgress,
            $"A request with this Idempotency-Key is under way ({requestId}). Wait for it, or send another key.")
        { RepeatOf = requestId, RetryAfter = TimeSpan.FromSeconds(1) };

    public static Refusal AlreadyCompleted(string requestId) =>
        new(RefusalCode.AlreadyCompleted, $"The request with this Idempotency-Key has been answered; its record is {requestId}. Send another key to ask anew.")
        { RepeatOf = requestId };

    public static Refusal PathNotFound(string path, string? nearest) =>
        new(RefusalCode.NotFound, nearest is null
            ? $"There is nothing at {Shorten(path)}. GET /openapi.json lists what there is."
            : $"There is nothing at {Shorten(path)}; did you mean {Shorten(nearest)}? The base URL of an SDK ends in /api/v1.");

    public static Refusal MethodNotAllowed(string method, string path, IReadOnlyList<string> allowed) =>
        new(
            RefusalCode.MethodNotAllowed,
            $"{Shorten(path)} does not take {Shorten(method)}. Use {string.Join(" or ", allowed)}.");

    public static Refusal NotFound(string what) => new(RefusalCode.NotFound, $"There is no {what} here.");

    public static Refusal QuotaUnavailable() =>
        new(
            RefusalCode.QuotaUnavailable,
            "Usage cannot be counted at the moment, so nothing was sent and nothing was taken. Try again shortly.")
        { RetryAfter = RetryAfterOutage };

    /// <summary>Refuses a request whose key cannot be looked up.</summary>
    /// <param name="code">For an operator <see cref="RefusalCode.StorageUnavailable"/>.</param>
    public static Refusal KeysUnavailable(RefusalCode code = RefusalCode.QuotaUnavailable) =>
        new(code, "The key cannot be looked up at the moment, so nothing was done and nothing was taken. "
            + "Try again shortly.")
        { RetryAfter = RetryAfterOutage };

    /// <summary>Refuses to show what cannot be read. Nothing may have been changed.</summary>
    /// <param name="code">For an operator <see cref="RefusalCode.StorageUnavailable"/>.</param>
    public static Refusal CannotBeRead(RefusalCode code = RefusalCode.QuotaUnavailable) =>
        new(code, "This cannot be read at the moment, because storage gives no answer. "
            + "Reading takes and changes nothing; try again shortly.")
        { RetryAfter = RetryAfterOutage };

    /// <summary>Refuses a request whose reservation may or may not have been taken; the activity log tells.</summary>
    /// <param name="requestId">The id under which its record would stand.</param>
    public static Refusal OutcomeUnknown(string requestId) =>
        new(RefusalCode.OutcomeUnknown, $"Storage did not answer in time, so this request was not sent on, but it may have been counted. GET /api/v1/activity/{requestId} shows within minutes whether it was; sent again with an Idempotency-Key it is counted once.")
        { RetryAfter = RetryAfterOutage };

    /// <summary>Refuses a request because there is no catalogue, and so no plan to count by.</summary>
    public static Refusal CatalogueUnavailable() =>
        new(RefusalCode.QuotaUnavailable, "The catalogue of models and plans cannot be read at the moment, so nothing was sent and nothing was taken. Try again shortly.")
        { RetryAfter = RetryAfterOutage };

    public static Refusal ShuttingDown() =>
        new(
            RefusalCode.ShuttingDown,
            "This instance is shutting down. Send the request again; another one will answer.")
        { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <param name="retryAfter">Until the first upstream can be called again; null where waiting does not help.</param>
    public static Refusal NoRoute(string reason, TimeSpan? retryAfter) => retryAfter is { } wait
        ? new(RefusalCode.Overloaded, $"No upstream can take this request now ({reason}). Nothing was charged; try again later.") { RetryAfter = wait }
        : new(RefusalCode.UpstreamError, $"No upstream can take this request ({reason}). Nothing was charged.");

    public static Refusal UpstreamError(string reason) =>
        new(
            RefusalCode.UpstreamError,
            $"The upstream did not answer this request ({reason}). Nothing was charged; try again.");

    /// <summary>Refuses a repeat of a request that failed, as it failed then. Nobody was charged for it.</summary>
    public static Refusal FailedBefore(RefusalCode code) => code switch
    {
        RefusalCode.UpstreamError => UpstreamError("it failed when this request was first sent"),
        RefusalCode.UpstreamTimeout => UpstreamTimeout(),
        RefusalCode.InternalError => InternalError(),
        _ => new(code, "This request failed when it was first sent. Nothing was charged; "
            + "send another Idempotency-Key to ask anew."),
    };

    /// <summary>Tells an operator, who asked an upstream about itself, that it does not answer.</summary>
    public static Refusal UpstreamSilent(string upstream, string reason) =>
        new(
            RefusalCode.UpstreamError,
            $"The upstream '{upstream}' cannot be asked ({reason}). Check its address and its key.");

    public static Refusal UpstreamTimeout() =>
        new(RefusalCode.UpstreamTimeout, "The upstream did not answer in time. Nothing was charged; try again.");

    public static Refusal InternalError() =>
        new(RefusalCode.InternalError, "Something went wrong here, and nothing was charged. Try again; tell the operator the x-freeway-request-id if it stays.");

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
