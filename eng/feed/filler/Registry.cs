using System.Net;
using System.Text.Json;

namespace Freeway.Feed;

/// <summary>
/// Asks one NuGet source what it has, by its flat-container index. Proxies are those of the environment.
/// </summary>
internal sealed class Registry(HttpClient http, Uri packages)
{
    /// <exception cref="HttpRequestException">The source cannot be reached, or will not say.</exception>
    public static async Task<Registry> OpenAsync(HttpClient http, Uri source)
    {
        using var index = JsonDocument.Parse(await http.GetStringAsync(source));
        var resource = index.RootElement.GetProperty("resources").EnumerateArray()
            .First(item => item.GetProperty("@type").GetString()!.StartsWith("PackageBaseAddress/", StringComparison.Ordinal));
        return new Registry(http, new Uri(resource.GetProperty("@id").GetString()!.TrimEnd('/') + '/'));
    }

    /// <exception cref="HttpRequestException">The source cannot be reached, or will not say.</exception>
    public async Task<bool> HasAsync(Package package)
    {
        using var answer = await http.GetAsync(new Uri(packages, $"{package.Id.ToLowerInvariant()}/index.json"));
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        answer.EnsureSuccessStatusCode();
        using var index = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return index.RootElement.GetProperty("versions").EnumerateArray()
            .Any(version => string.Equals(version.GetString(), package.Version, StringComparison.OrdinalIgnoreCase));
    }
}
