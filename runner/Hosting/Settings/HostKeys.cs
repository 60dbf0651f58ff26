using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Settings;

/// <summary>
/// The host's keys. A function of level Function opens with either of them, one of level Admin with the master key
/// only. A key that is not given opens nothing.
/// </summary>
/// <param name="MasterHash">SHA-256 of a master key that this host does not know itself, lower-case hex.</param>
public sealed record HostKeys(string? Function = null, string? Master = null, string? MasterHash = null)
{
    /// <summary>The key that a request brings: in a header, or in its query; null for none.</summary>
    internal static string? Of(HttpRequest request) =>
        request.Headers["x-functions-key"] is [{ Length: > 0 } header] ? header
        : request.Query["code"] is [{ Length: > 0 } code] ? code : null;

    /// <summary>Tells whether a request may call a function of this level.</summary>
    internal bool Open(AuthorizationLevel level, HttpRequest request) => level switch
    {
        AuthorizationLevel.Anonymous => true,
        AuthorizationLevel.Function => OpensFunction(Of(request)),
        _ => OpensAdmin(Of(request)),
    };

    internal bool OpensFunction(string? presented) => Same(Function, presented) || OpensAdmin(presented);

    internal bool OpensAdmin(string? presented) =>
        Same(Master, presented) || (presented is not null && Same(MasterHash, KeyHash.Of(presented).Hex));

    private static bool Same(string? key, string? presented) =>
        !string.IsNullOrEmpty(key) && presented is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(presented));
}
