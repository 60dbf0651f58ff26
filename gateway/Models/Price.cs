namespace Freeway.Gateway.Models;

/// <summary>What tokens cost, in nano-dollars (1e-9 USD) per million tokens: $0.40 per million is 400,000,000.</summary>
public sealed record Price(long InputPerMillion, long OutputPerMillion)
{
    public static Price Zero { get; } = new(0, 0);

    /// <summary>The cost in nano-dollars, rounded up once.</summary>
    public long Cost(long inputTokens, long outputTokens)
    {
        var total = ((Int128)inputTokens * InputPerMillion) + ((Int128)outputTokens * OutputPerMillion);
        return checked((long)((total + 999_999) / 1_000_000));
    }
}
