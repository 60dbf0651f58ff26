namespace Freeway.Bicep.Tests;

/// <summary>What the checker has to say about one place.</summary>
public sealed record Finding(string Rule, string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Rule}: {Message}";
}
