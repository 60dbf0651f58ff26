namespace Refit;

[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class QueryAttribute : Attribute
{
    public QueryAttribute()
    {
    }

    public QueryAttribute(CollectionFormat collectionFormat) => CollectionFormat = collectionFormat;

    /// <summary>A .NET format string for the value.</summary>
    public string? Format { get; set; }

    public CollectionFormat CollectionFormat { get; set; }
}
