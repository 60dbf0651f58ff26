using Microsoft.Extensions.Configuration;

namespace Freeway.Bicep.Tests;

/// <summary>Settings that remember which of them were asked for, there or not.</summary>
internal sealed class RecordingSettings(IReadOnlyDictionary<string, string?> values)
    : ConfigurationProvider, IConfigurationSource
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>
    /// The names as in an environment, without sections and without what OpenTelemetry defines for everybody.
    /// </summary>
    public IReadOnlyList<string> Asked =>
        [.. _asked.Where(name => !name.StartsWith("OTEL_", StringComparison.Ordinal))
            .Where(name => !_asked.Any(other => other.StartsWith($"{name}:", StringComparison.Ordinal)))
            .Select(name => name.Replace(":", "__", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load() =>
        Data = values.ToDictionary(
            pair => pair.Key.Replace("__", ":", StringComparison.Ordinal),
            pair => pair.Value,
            StringComparer.OrdinalIgnoreCase);

    public override bool TryGet(string key, out string? value)
    {
        _asked.Add(key);
        return base.TryGet(key, out value);
    }
}
