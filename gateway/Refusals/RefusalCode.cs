namespace Freeway.Gateway.Refusals;

/// <summary>Every reason for which a caller is refused. Its snake_case form is the <c>error.code</c> that callers see.</summary>
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
    PlanNotEligible,
    InsufficientCredits,
    ModelNotFound,
    NotFound,
    MethodNotAllowed,
    RequestInProgress,
    AlreadyCompleted,
    RequestTooLarge,
    RequestHeadersTooLarge,
    FreeQuotaExceeded,
    RateLimitExceeded,
    ConcurrencyLimitExceeded,
    UpstreamError,
    UpstreamTimeout,
    QuotaUnavailable,
    Overloaded,
    ShuttingDown,
    InternalError,
}
