namespace Freeway.Gateway.Refusals;

/// <summary>As what a key wants to be told that a hard quota is spent: clients stop at once at the last two, at the first few do.</summary>
public enum HardRefusal
{
    TooManyRequests,
    Forbidden,
    PaymentRequired,
}

/// <summary>Statuses of spent hard quotas.</summary>
public static class HardRefusals
{
    /// <summary>The HTTP status that a key asks for: 429, 403 or 402.</summary>
    public static int Status(this HardRefusal refusal) => refusal switch
    {
        HardRefusal.TooManyRequests => 429,
        HardRefusal.Forbidden => 403,
        HardRefusal.PaymentRequired => 402,
    };
}
