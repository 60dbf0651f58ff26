using Freeway.Gateway.Inference.Metering;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>
/// Counts a token for every five characters. The simulated upstreams report what they like, so that estimates are now
/// too high and now too low.
/// </summary>
internal sealed class SimTokenizer : ITokenizer
{
    public int Count(ReadOnlySpan<char> text) => (text.Length + 4) / 5;
}
