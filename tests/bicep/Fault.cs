namespace Freeway.Bicep.Tests;

/// <summary>A small edit that breaks something.</summary>
/// <param name="Find">What is replaced; in the file once.</param>
/// <param name="Rule">The rule that must notice.</param>
public sealed record Fault(string Name, string File, string Find, string Replace, string Rule)
{
    public override string ToString() => Name;
}
