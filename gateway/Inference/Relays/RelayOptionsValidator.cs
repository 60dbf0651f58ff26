using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Inference.Relays;

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
        Bound(nameof(RelayOptions.LongestToken), options.LongestToken, 4 * KiB, 64 * MiB, "bytes");
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
