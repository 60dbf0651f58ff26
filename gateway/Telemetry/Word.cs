using System.Collections.Frozen;
using System.Text.Json;

namespace Freeway.Gateway.Telemetry;

/// <summary>The members of an enum as dimensions have them: in snake case, each a string that is there already.</summary>
internal static class Word<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Words =
        Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    public static string Of(T value) => Words[value];
}
