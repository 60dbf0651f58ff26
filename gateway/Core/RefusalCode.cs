namespace Freeway.Gateway.Core;

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

/// <summary>What holds for every refusal of a code.</summary>
public static class RefusalCodes
{
    /// <summary>
    /// The HTTP status of a code: what the caller gets, what the record says and what a repeat is told. A plan's dialect
    /// and a key may ask for another one, see <see cref="Refusal.Status"/>.
    /// </summary>
    public static int Status(this RefusalCode code) => code switch
    {
        RefusalCode.InvalidJson => 400,
        RefusalCode.InvalidRequest => 400,
        RefusalCode.FreeSlugNotEnabled => 400,
        RefusalCode.FlexSlugNotEnabled => 400,
        RefusalCode.ConflictingVariants => 400,
        RefusalCode.ContextLengthExceeded => 400,
        RefusalCode.CapExceeded => 400,
        RefusalCode.InvalidApiKey => 401,
        RefusalCode.InsufficientCredits => 402,
        RefusalCode.KeyDisabled => 403,
        RefusalCode.OrgDisabled => 403,
        RefusalCode.InsufficientScope => 403,
        RefusalCode.WrongKeyType => 403,
        RefusalCode.PlanNotEligible => 403,
        RefusalCode.ModelNotAllowed => 403,
        RefusalCode.ModelNotFound => 404,
        RefusalCode.NotFound => 404,
        RefusalCode.MethodNotAllowed => 405,
        RefusalCode.RequestInProgress => 409,
        RefusalCode.AlreadyCompleted => 409,
        RefusalCode.Conflict => 409,
        RefusalCode.PreconditionFailed => 412,
        RefusalCode.RequestTooLarge => 413,
        RefusalCode.FreeQuotaExceeded => 429,
        RefusalCode.RateLimitExceeded => 429,
        RefusalCode.ConcurrencyLimitExceeded => 429,
        RefusalCode.RequestHeadersTooLarge => 431,
        RefusalCode.InternalError => 500,
        RefusalCode.UpstreamError => 502,
        RefusalCode.QuotaUnavailable => 503,
        RefusalCode.OutcomeUnknown => 503,
        RefusalCode.StorageUnavailable => 503,
        RefusalCode.Overloaded => 503,
        RefusalCode.ShuttingDown => 503,
        RefusalCode.UpstreamTimeout => 504,
    };

    /// <summary>True for the codes that say that something is spent for now, as against what can never pass.</summary>
    public static bool IsQuota(this RefusalCode code) =>
        code is RefusalCode.FreeQuotaExceeded or RefusalCode.RateLimitExceeded or RefusalCode.ConcurrencyLimitExceeded;
}
