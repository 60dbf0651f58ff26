using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue;

/// <summary>Enums by their names in snake case, never by number.</summary>
internal sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
