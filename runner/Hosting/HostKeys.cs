using System.Security.Cryptography;
using System.Text;

namespace Freeway.Runner.Hosting;

/// <summary>
/// The host's keys. A function of level Function opens with either of them, one of level Admin with the master key
/// only. A key that is not given opens nothing.
/// </summary>
public sealed record HostKeys(string? Function = null, string? Master = null)
{
    internal bool OpensFunction(string? presented) => Same(Function, presented) || Same(Master, presented);

    internal bool OpensAdmin(string? presented) => Same(Master, presented);

    private static bool Same(string? key, string? presented) =>
        !string.IsNullOrEmpty(key) && presented is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(presented));
}
