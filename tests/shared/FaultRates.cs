namespace Freeway.Tests.Shared;

/// <summary>How often each fault befalls a request, from 0 to 1; the rest goes through.</summary>
/// <param name="LoseAnswer">The service does it, and its answer is replaced by a broken connection or a time-out.</param>
/// <param name="NeverSend">The same to see, but nothing was sent.</param>
/// <param name="LandLate">The same to see, and the service does it after some later requests, or beside them.</param>
/// <param name="Busy">The service answers 503 and does nothing.</param>
public sealed record FaultRates(double LoseAnswer = 0, double NeverSend = 0, double LandLate = 0, double Busy = 0)
{
    public static FaultRates None { get; } = new();

    /// <summary>Each fault at this rate.</summary>
    public static FaultRates All(double rate) => new(rate, rate, rate, rate);
}
