using Freeway.Gateway.Core;

namespace Freeway.Functions.Http.OpenApi;

/// <summary>Names of enums' members as JSON lists, for a schema's <c>enum</c>.</summary>
internal static class ApiEnums
{
    public static string List<T>(WireNames<T> names)
        where T : struct, Enum => $"[{Quoted(names)}]";

    /// <summary>A list for a member that may also be null.</summary>
    public static string ListOrNull<T>(WireNames<T> names)
        where T : struct, Enum => $"[{Quoted(names)},null]";

    private static string Quoted<T>(WireNames<T> names)
        where T : struct, Enum => string.Join(',', names.Names.Select(name => $"\"{name}\""));
}
