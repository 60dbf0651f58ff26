namespace Freeway.Gateway.Models;

/// <summary>The kinds of JSON value that the content of a request may be.</summary>
[Flags]
public enum ContentForms
{
    /// <summary>The request is no JSON.</summary>
    None = 0,
    Text = 1,
    Array = 2,
    TextOrArray = Text | Array,
}
