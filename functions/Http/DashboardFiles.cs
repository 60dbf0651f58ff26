using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Freeway.Functions.Http;

/// <summary>One file of the dashboard, ready to be sent.</summary>
/// <param name="ETag">The hash of the bytes.</param>
/// <param name="IsNamedByContent">Whether another content would have another name, so that caches may keep it for
///     ever.</param>
public sealed record DashboardFile(
    ReadOnlyMemory<byte> Bytes, string ContentType, EntityTagHeaderValue ETag, bool IsNamedByContent);

/// <summary>The files that <c>dashboard/build.mjs</c> bundles, embedded in this assembly.</summary>
public sealed class DashboardFiles
{
    /// <summary>The page, which names the others.</summary>
    public const string Page = "index.html";

    private const string Folder = "dashboard/";

    private readonly FrozenDictionary<string, Lazy<DashboardFile>> _files;

    public DashboardFiles()
    {
        var assembly = typeof(DashboardFiles).Assembly;
        _files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..], name => new Lazy<DashboardFile>(() => Read(assembly, name)));
    }

    /// <summary>The names of all files.</summary>
    public IReadOnlyList<string> Names => _files.Keys;

    /// <summary>The file of this name; null where there is none.</summary>
    public DashboardFile? Find(string name) => _files.GetValueOrDefault(name)?.Value;

    private static DashboardFile Read(Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        var type = new FileExtensionContentTypeProvider().TryGetContentType(name, out var known) ? known : "text/plain";
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];
        var isNamedByContent = Path.GetExtension(name) is ".js" or ".css";
        return new(bytes, type + "; charset=utf-8", new($"\"{hash}\""), isNamedByContent);
    }
}
