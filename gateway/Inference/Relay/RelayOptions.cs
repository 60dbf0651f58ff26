using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>Times and sizes of relaying an answer.</summary>
public sealed class RelayOptions
{
    /// <summary>
    /// The time without a byte to the caller after which an SSE comment goes out. 1 s to 200 s: front ends cut at 230
    /// s.
    /// </summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest time that an upstream may send nothing. 1 s to 1 h.</summary>
    public TimeSpan UpstreamSilence { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// The longest time that an upstream may keep the connection open after <c>[DONE]</c> or the last event. 0 to 1
    /// min.
    /// </summary>
    public TimeSpan UpstreamFarewell { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The longest event that is held until it is whole, in bytes. A longer one goes out before its end has come, and
    /// is read piece by piece. 4 KiB to 64 MiB.
    /// </summary>
    public int LongestEvent { get; set; } = 1 << 20;
}

/// <summary>Holds <see cref="RelayOptions"/> to their bounds and reports all that are broken.</summary>
public sealed class RelayOptionsValidator : IValidateOptions<RelayOptions>
{
    private const int KiB = 1 << 10;
    private const int MiB = 1 << 20;

    public ValidateOptionsResult Validate(string? name, RelayOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        Bound(nameof(RelayOptions.Heartbeat), options.Heartbeat.TotalSeconds, 1, 200, "seconds");
        Bound(nameof(RelayOptions.UpstreamSilence), options.UpstreamSilence.TotalSeconds, 1, 3600, "seconds");
        Bound(nameof(RelayOptions.UpstreamFarewell), options.UpstreamFarewell.TotalSeconds, 0, 60, "seconds");
        Bound(nameof(RelayOptions.LongestEvent), options.LongestEvent, 4 * KiB, 64 * MiB, "bytes");
        return errors.Build();

        void Bound(string option, double value, int least, int most, string unit)
        {
            if (!(value >= least && value <= most))
            {
                errors.AddError($"must be from {least} to {most} {unit}, not {value}.", option);
            }
        }
    }
}
