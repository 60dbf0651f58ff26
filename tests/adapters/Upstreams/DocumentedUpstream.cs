using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Adapters.Tests.Upstreams;

/// <summary>How a system's documents say that it behaves; written down here by itself, so that a preset is held against it.</summary>
/// <param name="KeyHeader">The header that must carry the key, and how.</param>
/// <param name="Refused">Members that it answers with status 400.</param>
/// <param name="Ceiling">The member by which it bounds an answer.</param>
/// <param name="Headers">What comes with an answer.</param>
/// <param name="Readings">What that means at noon of 21 November 2026.</param>
public sealed record DocumentedUpstream(
    string Preset, string KeyHeader, string[] Refused, string Ceiling, (string Name, string Value)[] Headers, RateLimitReading[] Readings)
{
    private const string Bearer = "Authorization: Bearer " + UpstreamRig.Key;
    private const string Modern = "max_completion_tokens";
    private const string Old = "max_tokens";

    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<DocumentedUpstream> All { get; } =
    [
        new("openrouter", Bearer, [], Modern, [("X-RateLimit-Limit", "50"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1795305600000")],
            [new(LimitUnit.Requests, null, 50, 0, Noon.AddHours(12))]),
        new("cerebras", Bearer, ["frequency_penalty", "presence_penalty", "logit_bias", "parallel_tool_calls", "service_tier"], Modern,
            [
                ("x-ratelimit-limit-requests-day", "14400"), ("x-ratelimit-remaining-requests-day", "14399"), ("x-ratelimit-reset-requests-day", "33011.382867"),
                ("x-ratelimit-limit-tokens-minute", "60000"), ("x-ratelimit-remaining-tokens-minute", "59000"), ("x-ratelimit-reset-tokens-minute", "11.382867"),
            ],
            [
                new(LimitUnit.Requests, LimitWindow.Day, 14400, 14399, Noon.AddMilliseconds(33_011_382)),
                new(LimitUnit.Tokens, LimitWindow.Minute, 60000, 59000, Noon.AddMilliseconds(11_382)),
            ]),
        new("cloudflare-workers-ai", Bearer, [Modern], Old, [("cf-ray", "9a1b-AMS")], []),
        new("hugging-face", Bearer, [], Modern, [], []),
        new("vercel-ai-gateway", Bearer, [], Modern, [], []),
        new("gemini", Bearer, ["logit_bias", "store", "web_search_options"], Modern, [], []),
        new("nvidia", Bearer, [Modern, "metadata", "prompt_cache_key", "safety_identifier", "service_tier", "store"], Old, [], []),
        new("hyperbolic", Bearer, [Modern], Old, [], []),
        new("fireworks", Bearer, [], Modern,
            [
                ("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "59"), ("x-ratelimit-limit-tokens-prompt", "60000"),
                ("x-ratelimit-remaining-tokens-prompt", "59990"), ("x-ratelimit-limit-tokens-generated", "6000"), ("x-ratelimit-remaining-tokens-generated", "5990"),
                ("x-ratelimit-over-limit", "no"),
            ],
            [
                new(LimitUnit.Requests, LimitWindow.Minute, 60, 59, null),
                new(LimitUnit.InputTokens, LimitWindow.Minute, 60000, 59990, null),
                new(LimitUnit.OutputTokens, LimitWindow.Minute, 6000, 5990, null),
            ]),
        new("openai", Bearer, [], Modern,
            [
                ("x-ratelimit-limit-requests", "500"), ("x-ratelimit-remaining-requests", "499"), ("x-ratelimit-reset-requests", "120ms"),
                ("x-ratelimit-limit-tokens", "30000"), ("x-ratelimit-remaining-tokens", "29000"), ("x-ratelimit-reset-tokens", "6m0s"),
            ],
            [
                new(LimitUnit.Requests, LimitWindow.Minute, 500, 499, Noon.AddMilliseconds(120)),
                new(LimitUnit.Tokens, LimitWindow.Minute, 30000, 29000, Noon.AddMinutes(6)),
            ]),
        new("groq", Bearer, ["logit_bias", "logprobs", "top_logprobs"], Modern,
            [
                ("x-ratelimit-limit-requests", "14400"), ("x-ratelimit-remaining-requests", "14370"), ("x-ratelimit-reset-requests", "2m59.56s"),
                ("x-ratelimit-limit-tokens", "18000"), ("x-ratelimit-remaining-tokens", "17997"), ("x-ratelimit-reset-tokens", "7.66s"),
            ],
            [
                new(LimitUnit.Requests, LimitWindow.Day, 14400, 14370, Noon.AddMilliseconds(179_560)),
                new(LimitUnit.Tokens, LimitWindow.Minute, 18000, 17997, Noon.AddMilliseconds(7_660)),
            ]),
        new("apilaplas", Bearer, [], Modern, [], []),
        new("lunos", Bearer, [], Modern, [], []),
        new("fastrouter", Bearer, [], Modern, [], []),
        new("sarvam", "api-subscription-key: " + UpstreamRig.Key, [Modern, "stream_options", "logit_bias", "service_tier", "store"], Old, [], []),
    ];

    public override string ToString() => Preset;
}
