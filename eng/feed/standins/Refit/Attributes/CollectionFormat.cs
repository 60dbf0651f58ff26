namespace Refit;

/// <summary>How a query parameter with several values is written.</summary>
public enum CollectionFormat
{
    /// <summary>As <see cref="Csv"/>.</summary>
    RefitParameterFormatter,

    Csv,

    Ssv,

    Tsv,

    Pipes,

    /// <summary>The parameter is repeated for each value.</summary>
    Multi,
}
