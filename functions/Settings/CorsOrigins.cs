namespace Freeway.Functions.Settings;

/// <summary>The setting <c>Freeway__CorsOrigins</c>: web origins with commas between, or <c>*</c> for all.</summary>
internal static class CorsOrigins
{
    public const string Any = "*";
    private const string Subdomains = "://*.";

    /// <summary>
    /// Reads the origins whose pages may call; empty where none may, null where the text cannot be read.
    /// </summary>
    public static IReadOnlyList<string>? Read(string? text)
    {
        var origins = (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return origins is [Any] || Array.TrueForAll(origins, IsOrigin) ? origins : null;
    }

    /// <summary>
    /// Scheme, host and perhaps a port: an origin with a path, or even a slash, is one that no browser ever sends.
    /// </summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text.Replace(Subdomains, "://any.", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.GetLeftPart(UriPartial.Authority).Length == uri.OriginalString.Length
        && uri.UserInfo is "";
}
