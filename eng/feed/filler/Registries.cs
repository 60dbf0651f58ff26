namespace Freeway.Feed;

/// <summary>All remote sources together: a package is lacking when none of them has it.</summary>
internal static class Registries
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="HttpRequestException">A source cannot be reached, or will not say.</exception>
    public static async Task<IReadOnlyList<Package>> FindLackingAsync(IEnumerable<Uri> sources, IReadOnlyList<Package> packages)
    {
        using var http = new HttpClient { Timeout = Patience };
        var lacking = packages;
        foreach (var source in sources)
        {
            var registry = await Registry.OpenAsync(http, source);
            var answers = await Task.WhenAll(lacking.Select(async package => (package, has: await registry.HasAsync(package))));
            lacking = [.. answers.Where(answer => !answer.has).Select(answer => answer.package)];
        }

        return lacking;
    }
}
