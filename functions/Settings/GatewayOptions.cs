using Freeway.Gateway.ActivityLog;

namespace Freeway.Functions.Settings;

/// <summary>Holds the bounds and the switches of the HTTP API.</summary>
public sealed class GatewayOptions
{
    /// <summary>The largest JSON body, in bytes. 1 KiB to 100 MB, which is the host's own limit.</summary>
    public long MaxRequestBytes { get; set; } = 20_000_000;

    /// <summary>The largest form with a file, in bytes. 1 KiB to 100 MB, which is the host's own limit.</summary>
    public long MaxUploadBytes { get; set; } = 25 * 1024 * 1024;

    /// <summary>
    /// The largest sum of header names and values, in bytes. 1 KiB to 128 KiB; the host takes 32 KiB at most.
    /// </summary>
    public int MaxHeaderBytes { get; set; } = 24 * 1024;

    /// <summary>SHA-256 of the admin key, lower-case hex; without it the admin endpoints refuse everybody.</summary>
    public string? AdminKeyHash { get; set; }

    /// <summary>
    /// The web origins whose pages may call, with commas between: <c>https://app.example.com</c>,
    /// <c>https://*.example.com</c>, or <c>*</c> for all. None unless said.
    /// </summary>
    public string? CorsOrigins { get; set; }

    /// <summary>
    /// The number of whole calendar months before the current one for which activity records are kept. 1 to 120; the
    /// sums of their days stay for ever.
    /// </summary>
    public int ActivityMonths { get; set; } = ActivityRetention.Usual;

    /// <summary>
    /// Lets upstreams be called by http elsewhere than on loopback. Keys and prompts then go in the clear.
    /// </summary>
    public bool AllowHttpUpstreams { get; set; }

    /// <summary>Lets upstreams have private addresses, or be reached through a proxy.</summary>
    public bool AllowPrivateUpstreams { get; set; }
}
