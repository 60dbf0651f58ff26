using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Freeway.Gateway.Core;

namespace Freeway.Tests.Shared;

/// <summary>What the code measures, read off its instruments.</summary>
internal static class FreewayInstruments
{
    /// <summary>Makes every instrument of the gateway, as its first use would, and gives them all.</summary>
    public static IReadOnlyList<Instrument> All() =>
    [
        .. typeof(Meters).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => typeof(Instrument).IsAssignableFrom(field.FieldType))
            .Select(Made)
            .Where(instrument => instrument.Meter.Name is Meters.Name)
            .OrderBy(instrument => instrument.Name, StringComparer.Ordinal),
    ];

    private static Instrument Made(FieldInfo field)
    {
        RuntimeHelpers.RunClassConstructor(field.DeclaringType!.TypeHandle);
        return (Instrument)field.GetValue(null)!;
    }
}
