namespace Freeway.Gateway.Keys;

/// <summary>Makes ids that are unique everywhere and sort by time: 32 lower-case hex digits (UUID version 7).</summary>
public class IdSource(TimeProvider clock)
{
    public virtual string Next() => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
}
