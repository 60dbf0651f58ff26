using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Which page of a list is wanted.</summary>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">From the page before, or null.</param>
public sealed record PageQuery(int Limit, string? Cursor)
{
    private const int Most = 1000;
    private const int Usual = 100;

    /// <param name="field">The value of <c>limit</c> or <c>cursor</c>; null or empty where it is not given.</param>
    public static Decision<PageQuery> Read(Func<string, string?> field)
    {
        var fields = new QueryFields(field);
        var query = new PageQuery(fields.Number("limit", 1, Most) ?? Usual, fields.Text("cursor"));
        return fields.Refusal is { } refusal ? refusal : query;
    }
}
