namespace Freeway.Gateway.Routing;

/// <summary>How long an upstream is left alone that said 429.</summary>
public sealed class ParkingOptions
{
    /// <summary>Where it does not say how long; it doubles with each 429 in a row.</summary>
    public TimeSpan First { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The most of that.</summary>
    public TimeSpan LongestUntold { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What is believed of a longer <c>Retry-After</c>.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromDays(1);
}
