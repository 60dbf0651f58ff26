namespace Freeway.Functions.Http.OpenApi;

/// <summary>The document's chapters; each says who may come in.</summary>
internal enum ApiTag
{
    /// <summary>The inference endpoints, called with an API key.</summary>
    Inference,

    /// <summary>The endpoints by which a caller looks at its own account, called with an API key.</summary>
    Account,

    /// <summary>The endpoints for operators, called with a management key or the admin key.</summary>
    Admin,

    /// <summary>The endpoints that are called without a key.</summary>
    Service,
}
