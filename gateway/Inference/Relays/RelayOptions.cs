namespace Freeway.Gateway.Inference.Relays;

/// <summary>Times and sizes of relaying an answer.</summary>
public sealed class RelayOptions
{
    /// <summary>After how long without a byte to the caller an SSE comment goes out. 1 s to 200 s: front ends cut at 230 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>For how long an upstream may send nothing. 1 s to 1 h.</summary>
    public TimeSpan UpstreamSilence { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>For how long an upstream may keep the connection open after <c>[DONE]</c> or the last event. 0 to 1 min.</summary>
    public TimeSpan UpstreamFarewell { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>In bytes. A longer event passes through as it comes, unread. 4 KiB to 64 MiB.</summary>
    public int LongestEvent { get; set; } = 1 << 20;

    /// <summary>In bytes. A longer token (a string, say) of a JSON answer ends the reading, not the relaying. 4 KiB to 64 MiB.</summary>
    public int LongestToken { get; set; } = 16 << 20;
}
