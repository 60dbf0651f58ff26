namespace Freeway.Tests.Shared;

/// <summary>Copies what a store in memory holds, to put it back later.</summary>
internal static class MemorySnapshot
{
    /// <summary>Copies under a store's lock, and puts back under it.</summary>
    /// <returns>Puts back what is there now, as a power cut does with what was not flushed since.</returns>
    public static Action Under(Lock gate, Func<Action> copy)
    {
        lock (gate)
        {
            var back = copy();
            return () =>
            {
                lock (gate)
                {
                    back();
                }
            };
        }
    }

    /// <returns>Puts back what is there now.</returns>
    public static Action Of<TKey, TValue>(Dictionary<TKey, TValue> rows)
        where TKey : notnull
    {
        var kept = rows.ToArray();
        return () =>
        {
            rows.Clear();
            foreach (var (key, value) in kept)
            {
                rows.Add(key, value);
            }
        };
    }

    /// <inheritdoc cref="Of{TKey, TValue}"/>
    public static Action Of<T>(HashSet<T> rows)
    {
        var kept = rows.ToArray();
        return () =>
        {
            rows.Clear();
            rows.UnionWith(kept);
        };
    }
}
