namespace Freeway.Gateway.Refusals;

/// <summary>What holds for every refusal of a code.</summary>
public static class RefusalCodes
{
    /// <summary>True for the codes that say that something is spent for now, as against what can never pass.</summary>
    public static bool IsQuota(this RefusalCode code) =>
        code is RefusalCode.FreeQuotaExceeded or RefusalCode.RateLimitExceeded or RefusalCode.ConcurrencyLimitExceeded;
}
