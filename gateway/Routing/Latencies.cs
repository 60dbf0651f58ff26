using System.Collections.Concurrent;

namespace Freeway.Gateway.Routing;

/// <summary>How quickly each upstream key's models began to answer of late, as this instance saw it.</summary>
public sealed class Latencies
{
    private const double Weight = 0.2;
    private readonly ConcurrentDictionary<(string Key, string Model), TimeSpan> _seen = [];

    public void Saw(string key, string model, TimeSpan firstByte) =>
        _seen.AddOrUpdate((key, model), firstByte, (_, before) => (before * (1 - Weight)) + (firstByte * Weight));

    /// <summary>Null where nothing was seen yet.</summary>
    public TimeSpan? Of(string key, string model) => _seen.TryGetValue((key, model), out var seen) ? seen : null;
}
