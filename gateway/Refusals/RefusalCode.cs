namespace Freeway.Gateway.Refusals;

/// <summary>
/// Every reason for which a caller is refused. Its name in snake_case is the <c>error.code</c> that callers see.
/// </summary>
public enum RefusalCode
{
    InvalidJson,
    InvalidRequest,
    FreeSlugNotEnabled,
    FlexSlugNotEnabled,
    ConflictingVariants,
    ContextLengthExceeded,
    CapExceeded,
    InvalidApiKey,
    KeyDisabled,
    OrgDisabled,
    InsufficientScope,
    WrongKeyType,
    PlanNotEligible,
    ModelNotAllowed,
    InsufficientCredits,
    ModelNotFound,
    NotFound,
    MethodNotAllowed,
    RequestInProgress,
    AlreadyCompleted,
    Conflict,
    PreconditionFailed,
    RequestTooLarge,
    RequestHeadersTooLarge,
    FreeQuotaExceeded,
    RateLimitExceeded,
    ConcurrencyLimitExceeded,
    UpstreamError,
    UpstreamTimeout,
    QuotaUnavailable,
    OutcomeUnknown,
    StorageUnavailable,
    Overloaded,
    ShuttingDown,
    InternalError,
}
