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

    /// <summary>The request needs more of a limit than a whole window of it holds: no waiting helps.</summary>
    RequestExceedsLimit,
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
    RequestTimeout,
    RequestInProgress,
    AlreadyCompleted,
    Conflict,
    PreconditionFailed,
    RequestTooLarge,
    RequestHeadersTooLarge,
    FreeQuotaExceeded,

    /// <summary>A quota that never comes back is used up.</summary>
    FreeQuotaExhausted,
    RateLimitExceeded,
    ConcurrencyLimitExceeded,

    /// <summary>
    /// The organisation has begun as many counters for end users as it may in a day, and this one is new.
    /// </summary>
    TooManyEndUsers,

    /// <summary>A sign-in was not completed: by its provider, or because it is not the one that began here.</summary>
    SignInFailed,

    /// <summary>The person may not sign up here.</summary>
    SignUpRefused,

    /// <summary>The most people that may sign up in a UTC day have done so.</summary>
    SignUpLimitReached,

    /// <summary>The provider that people sign in with is out of reach.</summary>
    IdentityProviderUnavailable,
    UpstreamError,
    UpstreamTimeout,
    QuotaUnavailable,
    OutcomeUnknown,
    StorageUnavailable,
    Overloaded,
    ShuttingDown,
    InternalError,
}

/// <summary>Gives the properties that every refusal of a code has.</summary>
public static class RefusalCodes
{
    /// <summary>
    /// The HTTP status of a code: what the caller gets, what the record says and what a repeat is told. A plan's
    /// dialect and a key may ask for another one, see <see cref="Refusal.Status"/>.
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
        RefusalCode.RequestExceedsLimit => 400,
        RefusalCode.SignInFailed => 400,
        RefusalCode.InvalidApiKey => 401,
        RefusalCode.InsufficientCredits => 402,
        RefusalCode.KeyDisabled => 403,
        RefusalCode.OrgDisabled => 403,
        RefusalCode.InsufficientScope => 403,
        RefusalCode.WrongKeyType => 403,
        RefusalCode.PlanNotEligible => 403,
        RefusalCode.ModelNotAllowed => 403,
        RefusalCode.FreeQuotaExhausted => 403,
        RefusalCode.SignUpRefused => 403,
        RefusalCode.ModelNotFound => 404,
        RefusalCode.NotFound => 404,
        RefusalCode.MethodNotAllowed => 405,
        RefusalCode.RequestTimeout => 408,
        RefusalCode.RequestInProgress => 409,
        RefusalCode.AlreadyCompleted => 409,
        RefusalCode.Conflict => 409,
        RefusalCode.PreconditionFailed => 412,
        RefusalCode.RequestTooLarge => 413,
        RefusalCode.FreeQuotaExceeded => 429,
        RefusalCode.RateLimitExceeded => 429,
        RefusalCode.ConcurrencyLimitExceeded => 429,
        RefusalCode.TooManyEndUsers => 429,
        RefusalCode.SignUpLimitReached => 429,
        RefusalCode.RequestHeadersTooLarge => 431,
        RefusalCode.InternalError => 500,
        RefusalCode.UpstreamError => 502,
        RefusalCode.IdentityProviderUnavailable => 503,
        RefusalCode.QuotaUnavailable => 503,
        RefusalCode.OutcomeUnknown => 503,
        RefusalCode.StorageUnavailable => 503,
        RefusalCode.Overloaded => 503,
        RefusalCode.ShuttingDown => 503,
        RefusalCode.UpstreamTimeout => 504,
    };

    /// <summary>Tells whether a code means that a limit refuses, for now or for good.</summary>
    public static bool IsQuota(this RefusalCode code) => code
        is RefusalCode.FreeQuotaExceeded or RefusalCode.FreeQuotaExhausted or RefusalCode.RequestExceedsLimit
        or RefusalCode.RateLimitExceeded or RefusalCode.ConcurrencyLimitExceeded or RefusalCode.TooManyEndUsers;
}
