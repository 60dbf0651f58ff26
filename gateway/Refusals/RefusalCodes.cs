using System.Collections.Frozen;
using System.Text.Json;

namespace Freeway.Gateway.Refusals;

/// <summary>Codes as callers see them: in snake case.</summary>
public static class RefusalCodes
{
    private static readonly FrozenDictionary<RefusalCode, string> Names =
        Enum.GetValues<RefusalCode>().ToFrozenDictionary(code => code, code => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString()));

    public static string Name(this RefusalCode code) => Names[code];

    /// <summary>True for the codes that say that something is spent for now, as against what can never pass.</summary>
    public static bool IsQuota(this RefusalCode code) =>
        code is RefusalCode.FreeQuotaExceeded or RefusalCode.RateLimitExceeded or RefusalCode.ConcurrencyLimitExceeded;
}
