using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class RelayOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreValid() =>
        new RelayOptionsValidator().Validate(null, new RelayOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void Validate_SeveralOutOfBounds_NamesThemAll()
    {
        var result = new RelayOptionsValidator().Validate(null, new RelayOptions
        {
            Heartbeat = TimeSpan.FromSeconds(240),
            UpstreamSilence = TimeSpan.Zero,
            UpstreamFarewell = TimeSpan.FromHours(1),
            LongestEvent = 0,
        });

        result.Failures!.Count().ShouldBe(4);
        result.FailureMessage!.ShouldContain("Heartbeat");
    }
}
