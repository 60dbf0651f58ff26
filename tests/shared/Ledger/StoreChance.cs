namespace Freeway.Tests.Shared.Ledger;

/// <summary>Draws fates and delays by a seeded chance, from any thread.</summary>
public sealed class StoreChance(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    public StoreFate Draw(FaultRates rates)
    {
        var at = Next();
        return (at -= rates.LoseAnswer) < 0 ? StoreFate.AnswerLost
            : (at -= rates.NeverSend) < 0 ? StoreFate.NeverSent
            : (at -= rates.LandLate) < 0 ? StoreFate.Late
            : at - rates.Busy < 0 ? StoreFate.Busy
            : StoreFate.Fine;
    }

    public bool Happens(double rate) => Next() < rate;

    /// <summary>From 0 to <paramref name="below"/>, which is left out.</summary>
    public int Below(int below)
    {
        lock (_gate)
        {
            return _random.Next(below);
        }
    }

    /// <summary>Lets others run for a while, so that no order of events is usual.</summary>
    public async Task DawdleAsync(int most = 12)
    {
        for (var turns = Below(most + 1); turns > 0; turns--)
        {
            await Task.Yield();
        }
    }

    private double Next()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
}
