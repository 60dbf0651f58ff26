namespace Freeway.Bench.Inner;

/// <summary>The bytes below which one operation of a benchmark stays.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllocationCeilingAttribute(long bytes) : Attribute
{
    public long Bytes => bytes;
}
