namespace Freeway.Functions.Http.OpenApi;

/// <summary>One method of one path, as the document tells of it.</summary>
/// <param name="Template">The route as the function's attribute has it.</param>
/// <param name="Id">What generated clients call it.</param>
internal sealed record ApiOperation(string Method, string Template, string Id, ApiTag Tag, string Summary)
{
    public string? Description { get; init; }

    /// <summary>Names in <see cref="ApiParts.Parameters"/>.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    public ApiContent? Body { get; init; }

    /// <summary>The forms of the response that comes with <see cref="Success"/>; empty for 204.</summary>
    public required IReadOnlyList<ApiContent> Answers { get; init; }

    /// <summary>200; 201 where something is created, with <c>Location</c>; 204 where there is nothing to say.</summary>
    public int Success { get; init; } = 200;

    /// <summary>Gets whether the response is a document that can be changed, with its <c>ETag</c>.</summary>
    public bool HasRevision { get; init; }

    /// <summary>The responses with other statuses that are no error of our shape.</summary>
    public IReadOnlyDictionary<int, ApiContent> Others { get; init; } = new Dictionary<int, ApiContent>();

    /// <summary>Gets whether callers who have the response already are answered 304.</summary>
    public bool IsCached { get; init; }

    /// <summary>The statuses of its errors.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>
    /// Gets whether an upstream's own 4xx comes through, and the headers that tell of model, tier and limits.
    /// </summary>
    public bool IsInference => Tag is ApiTag.Inference;

    /// <summary>Gets whether errors have the shape of Anthropic's Messages API.</summary>
    public bool IsMessages { get; init; }

    public string Path => "/" + Template.Replace("{*", "{", StringComparison.Ordinal);
}

/// <summary>
/// The statuses of errors that the operations of one kind share; all of them can also answer 500 and 503.
/// </summary>
internal static class ErrorStatuses
{
    /// <summary>An operation that reads and takes no parameters.</summary>
    public static readonly int[] Read = [401, 403, 500, 503];

    /// <summary>An operation that reads a list by parameters.</summary>
    public static readonly int[] List = [400, .. Read];

    /// <summary>An operation that reads one document.</summary>
    public static readonly int[] Find = [404, .. Read];

    /// <summary>An operation that creates a document or does something once.</summary>
    public static readonly int[] Create = [400, 408, 409, 413, 431, .. Read];

    /// <summary>An operation that changes or deletes a document.</summary>
    public static readonly int[] Change = [400, 404, 408, 409, 412, 413, 431, .. Read];
}

/// <summary>
/// The parameters that the operations of one kind share, by their names in <see cref="ApiParts.Parameters"/>.
/// </summary>
internal static class ParameterSets
{
    /// <summary>A page of documents.</summary>
    public static readonly string[] Listed = ["limit", "cursor", "include"];

    /// <summary>A change of a document.</summary>
    public static readonly string[] Changed = ["If-Match", "Idempotency-Key"];
}
