using System.Text.Json.Serialization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Api;

/// <summary>A page of a list, in the shape that every list has.</summary>
/// <param name="NextCursor">Where the next page begins; null on the last page, and written all the same.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor = null)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";
}

/// <summary>A list that was asked for and is not read yet: either a page of it, or all that matches.</summary>
/// <param name="page">The page that was asked for, or why there is none.</param>
/// <param name="all">
/// What matches, in pieces that are read as they are asked for; throws <see cref="IOException"/> where storage is out
/// of reach.
/// </param>
public sealed class Listing<T>(
    Func<CancellationToken, Task<Result<Page<T>>>> page,
    Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<T>>> all)
{
    public Task<Result<Page<T>>> PageAsync(CancellationToken cancellation) => page(cancellation);

    public IAsyncEnumerable<IReadOnlyList<T>> AllAsync(CancellationToken cancellation) => all(cancellation);
}

/// <summary>Selects a page of a list.</summary>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">From the page before, or null.</param>
public sealed record PageQuery(int Limit, string? Cursor)
{
    private const int Most = 1000;
    private const int Usual = 100;

    /// <param name="field">The value of <c>limit</c> or <c>cursor</c>; null or empty where it is not given.</param>
    public static Result<PageQuery> Read(Func<string, string?> field)
    {
        var fields = new QueryFields(field);
        var query = new PageQuery(fields.Number("limit", 1, Most) ?? Usual, fields.Text("cursor"));
        return fields.Refusal is { } refusal ? refusal : query;
    }
}
