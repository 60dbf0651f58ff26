namespace Refit;

/// <summary>Marks an <see cref="IDictionary{TKey,TValue}"/> of strings as headers.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HeaderCollectionAttribute : Attribute;
