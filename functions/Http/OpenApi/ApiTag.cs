namespace Freeway.Functions.Http.OpenApi;

/// <summary>The document's chapters; each says who may come in.</summary>
internal enum ApiTag
{
    /// <summary>With an API key.</summary>
    Inference,

    /// <summary>With an API key.</summary>
    Account,

    /// <summary>With the operator's key.</summary>
    Admin,

    /// <summary>With none.</summary>
    Service,
}
