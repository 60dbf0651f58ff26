namespace Freeway.Gateway.Refusals;

/// <summary>As what a key wants to be told that a hard quota is spent: clients stop at once at the last two, at the first few do.</summary>
public enum HardRefusal
{
    TooManyRequests,
    Forbidden,
    PaymentRequired,
}
