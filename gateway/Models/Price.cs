namespace Freeway.Gateway.Models;

/// <summary>
/// The price of a model in nano-dollars (1e-9 USD). Tokens are priced per million: $0.40 per million is 400,000,000.
/// </summary>
public sealed record Price(long InputPerMillion, long OutputPerMillion)
{
    private const int SecondsPerMinute = 60;
    private const int Million = 1_000_000;

    public static Price Zero { get; } = new(0, 0);

    /// <summary>
    /// The price of a million input tokens that the upstream had in its cache; null where they cost what all input
    /// costs.
    /// </summary>
    public long? CachedInputPerMillion { get; init; }

    /// <summary>The price of a million characters of text that is spoken.</summary>
    public long CharactersPerMillion { get; init; }

    /// <summary>The price of a minute of sound that is listened to; every second counts.</summary>
    public long AudioMinute { get; init; }

    /// <summary>The cost in nano-dollars, rounded up once.</summary>
    /// <param name="cachedTokens">Those of <paramref name="inputTokens"/> that have the price of cached input.</param>
    public long Cost(long inputTokens, long outputTokens, long characters = 0, long seconds = 0, long cachedTokens = 0)
    {
        var perMillion = ((Int128)(inputTokens - cachedTokens) * InputPerMillion)
            + ((Int128)cachedTokens * (CachedInputPerMillion ?? InputPerMillion))
            + ((Int128)outputTokens * OutputPerMillion)
            + ((Int128)characters * CharactersPerMillion);
        if (seconds is 0)
        {
            return checked((long)((perMillion + Million - 1) / Million));
        }

        var total = (perMillion * SecondsPerMinute) + ((Int128)seconds * AudioMinute * Million);
        return checked((long)((total + (SecondsPerMinute * Million) - 1) / (SecondsPerMinute * Million)));
    }
}
