using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Catalogue;

/// <summary>The presets of upstreams that come with the program, each read as a catalogue reads it.</summary>
public sealed class ShippedUpstreamsTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Root, "presets");

    private static readonly string[] Names =
    [
        "apilaplas", "cerebras", "cloudflare-workers-ai", "fastrouter", "fireworks", "gemini", "groq", "hugging-face", "hyperbolic", "lunos", "nvidia",
        "openai", "openrouter", "sarvam", "vercel-ai-gateway",
    ];

    private static readonly Dictionary<string, string> Needed = new(StringComparer.Ordinal)
    {
        ["APILAPLAS_API_HOST"] = "api.laplas.example",
        ["CLOUDFLARE_ACCOUNT_ID"] = "0123abcd",
        ["HUGGING_FACE_UPSTREAM_MONTHLY_USD"] = "0.1",
        ["GEMINI_UPSTREAM_FLASH_LITE_RPM"] = "21",
        ["GEMINI_UPSTREAM_FLASH_LITE_TPM"] = "22",
        ["GEMINI_UPSTREAM_FLASH_LITE_RPD"] = "23",
        ["GEMINI_UPSTREAM_FLASH_RPM"] = "24",
        ["GEMINI_UPSTREAM_FLASH_TPM"] = "25",
        ["GEMINI_UPSTREAM_FLASH_RPD"] = "26",
        ["LUNOS_UPSTREAM_DAILY_TOKENS_NEMOTRON_3_SUPER"] = "11",
        ["LUNOS_UPSTREAM_DAILY_TOKENS_GPT_OSS_120B"] = "12",
        ["LUNOS_UPSTREAM_DAILY_TOKENS_GLM_4_5_AIR"] = "13",
        ["LUNOS_UPSTREAM_DAILY_TOKENS_GPT_OSS_20B"] = "14",
        ["LUNOS_UPSTREAM_DAILY_TOKENS_GEMMA_4_31B"] = "15",
    };

    public static TheoryData<string> Presets => [.. Names];

    [Fact]
    public void Presets_OfTheProgram_AreThoseOfTheFifteenSystems() =>
        Directory.GetFiles(Path.Combine(Folder, "upstreams")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ShouldBe(Names.Select(name => $"{name}.json"));

    [Fact]
    public void Read_AllWithoutAKey_NoneIsReadyAndNothingIsNeeded() => Read(Names, []).ShouldAllBe(upstream => !upstream.Ready && upstream.ApiKey == null);

    [Theory]
    [MemberData(nameof(Presets))]
    public void Read_APresetWithItsKey_IsReadyAndSaysWhereItIsFrom(string name)
    {
        var upstream = Read([name], Keyed([name])).ShouldHaveSingleItem();

        (upstream.Ready, upstream.ApiKey, upstream.BaseUrl.Scheme).ShouldBe((true, "secret", "https"));
        upstream.Sources.ShouldNotBeEmpty();
        upstream.Description.ShouldNotBeNullOrWhiteSpace();
        upstream.Naming.ShouldNotBeNullOrWhiteSpace();
        upstream.Limits.ShouldAllBe(limit => limit.Limit.Amount > 0 && limit.Limit.Scope == LimitScope.Upstream);
        upstream.Serves(Surface.ChatCompletions).ShouldBeTrue();
    }

    [Theory]
    [InlineData("openrouter", "OPENROUTER_API_KEY", "https://openrouter.ai/api/v1", "authorization: Bearer secret")]
    [InlineData("cerebras", "CEREBRAS_API_KEY", "https://api.cerebras.ai/v1", "authorization: Bearer secret")]
    [InlineData("cloudflare-workers-ai", "CLOUDFLARE_API_TOKEN", "https://api.cloudflare.com/client/v4/accounts/0123abcd/ai/v1", "authorization: Bearer secret")]
    [InlineData("hugging-face", "HF_TOKEN", "https://router.huggingface.co/v1", "authorization: Bearer secret")]
    [InlineData("vercel-ai-gateway", "AI_GATEWAY_API_KEY", "https://ai-gateway.vercel.sh/v1", "authorization: Bearer secret")]
    [InlineData("gemini", "GEMINI_API_KEY", "https://generativelanguage.googleapis.com/v1beta/openai", "authorization: Bearer secret")]
    [InlineData("nvidia", "NVIDIA_API_KEY", "https://integrate.api.nvidia.com/v1", "authorization: Bearer secret")]
    [InlineData("hyperbolic", "HYPERBOLIC_API_KEY", "https://api.hyperbolic.xyz/v1", "authorization: Bearer secret")]
    [InlineData("fireworks", "FIREWORKS_API_KEY", "https://api.fireworks.ai/inference/v1", "authorization: Bearer secret")]
    [InlineData("openai", "OPENAI_API_KEY", "https://api.openai.com/v1", "authorization: Bearer secret")]
    [InlineData("groq", "GROQ_API_KEY", "https://api.groq.com/openai/v1", "authorization: Bearer secret")]
    [InlineData("apilaplas", "APILAPLAS_API_KEY", "https://api.laplas.example/v1", "authorization: Bearer secret")]
    [InlineData("lunos", "LUNOS_API_KEY", "https://api.lunos.tech/v1", "authorization: Bearer secret")]
    [InlineData("fastrouter", "FASTROUTER_API_KEY", "https://api.fastrouter.ai/api/v1", "authorization: Bearer secret")]
    [InlineData("sarvam", "SARVAM_API_KEY", "https://api.sarvam.ai/v1", "api-subscription-key: secret")]
    public void Read_APreset_HasTheAddressAndTheKeyOfItsDocument(string name, string keySetting, string url, string header)
    {
        var upstream = Read([name], new(Needed, StringComparer.Ordinal) { [keySetting] = "secret" }).ShouldHaveSingleItem();

        (upstream.Ready, upstream.BaseUrl.AbsoluteUri).ShouldBe((true, url));
        $"{upstream.Auth.Header}: {upstream.Auth.Value("secret")}".ShouldBe(header);
    }

    /// <summary>Every number says which document it is from, and when that was last looked at, unless the document has no date.</summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void Read_APreset_EachNumberSaysWhereItIsFrom(string name)
    {
        var preset = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, "upstreams", $"{name}.json")))!;

        PresetOrigins.Missing(preset, preset).ShouldBeEmpty();
    }

    /// <summary>What is asked of those who use a system's free tier, and what happens at its end; what nobody has found out says so.</summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void Read_APreset_SaysWhetherACardIsNeededAndWhetherItStops(string name)
    {
        var offer = Read([name], Keyed([name])).ShouldHaveSingleItem().Offer;

        offer.Terms.ShouldNotBeNullOrWhiteSpace();
        (offer is { CardNeeded: not null, HardStop: not null } || offer.Terms.Contains("not known", StringComparison.Ordinal)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("openrouter", "free-per-minute: 20 requests/Minute *:free", "free-daily: 50 requests/Day *:free")]
    [InlineData(
        "cerebras",
        "gpt-oss-120b-requests-per-minute: 5 requests/Minute gpt-oss-120b", "gpt-oss-120b-tokens-per-minute: 30000 tokens/Minute gpt-oss-120b",
        "gpt-oss-120b-tokens-per-hour: 1000000 tokens/Hour gpt-oss-120b", "gpt-oss-120b-tokens-per-day: 1000000 tokens/Day gpt-oss-120b",
        "gemma-4-31b-requests-per-minute: 5 requests/Minute gemma-4-31b", "gemma-4-31b-tokens-per-minute: 30000 tokens/Minute gemma-4-31b",
        "gemma-4-31b-tokens-per-hour: 1000000 tokens/Hour gemma-4-31b", "gemma-4-31b-tokens-per-day: 1000000 tokens/Day gemma-4-31b",
        "sign-up-credit: 5 usd/Lifetime *")]
    [InlineData("cloudflare-workers-ai", "neurons: 10000 compute_units/Day *")]
    [InlineData("hugging-face", "monthly-credit: 0.1 usd/Month *")]
    [InlineData("vercel-ai-gateway", "credit: 5 usd/Rolling30Days *")]
    [InlineData(
        "gemini", "flash-lite-rpm: 21 requests/Minute *flash-lite*", "flash-lite-tpm: 22 input_tokens/Minute *flash-lite*", "flash-lite-rpd: 23 requests/Day@America/Los_Angeles *flash-lite*",
        "flash-rpm: 24 requests/Minute *flash*,!*flash-lite*", "flash-tpm: 25 input_tokens/Minute *flash*,!*flash-lite*", "flash-rpd: 26 requests/Day@America/Los_Angeles *flash*,!*flash-lite*")]
    [InlineData("nvidia", "credits: 1000 compute_units/Lifetime *")]
    [InlineData("hyperbolic", "promo-credit: 1 usd/Lifetime *")]
    [InlineData("fireworks", "sign-up-credit: 1 usd/Lifetime *")]
    [InlineData("openai")]
    [InlineData(
        "groq",
        "llama-3-3-70b-rpm: 30 requests/Minute llama-3.3-70b-versatile", "llama-3-3-70b-rpd: 1000 requests/Day llama-3.3-70b-versatile",
        "llama-3-3-70b-tpm: 12000 tokens/Minute llama-3.3-70b-versatile", "llama-3-3-70b-tpd: 100000 tokens/Day llama-3.3-70b-versatile",
        "llama-3-1-8b-rpm: 30 requests/Minute llama-3.1-8b-instant", "llama-3-1-8b-rpd: 14400 requests/Day llama-3.1-8b-instant",
        "llama-3-1-8b-tpm: 6000 tokens/Minute llama-3.1-8b-instant", "llama-3-1-8b-tpd: 500000 tokens/Day llama-3.1-8b-instant",
        "gpt-oss-120b-rpm: 30 requests/Minute openai/gpt-oss-120b", "gpt-oss-120b-rpd: 1000 requests/Day openai/gpt-oss-120b",
        "gpt-oss-120b-tpm: 8000 tokens/Minute openai/gpt-oss-120b", "gpt-oss-120b-tpd: 200000 tokens/Day openai/gpt-oss-120b",
        "gpt-oss-20b-rpm: 30 requests/Minute openai/gpt-oss-20b", "gpt-oss-20b-rpd: 1000 requests/Day openai/gpt-oss-20b",
        "gpt-oss-20b-tpm: 8000 tokens/Minute openai/gpt-oss-20b", "gpt-oss-20b-tpd: 200000 tokens/Day openai/gpt-oss-20b",
        "gpt-oss-safeguard-20b-rpm: 30 requests/Minute openai/gpt-oss-safeguard-20b", "gpt-oss-safeguard-20b-rpd: 1000 requests/Day openai/gpt-oss-safeguard-20b",
        "gpt-oss-safeguard-20b-tpm: 8000 tokens/Minute openai/gpt-oss-safeguard-20b", "gpt-oss-safeguard-20b-tpd: 200000 tokens/Day openai/gpt-oss-safeguard-20b",
        "compound-rpm: 30 requests/Minute groq/compound", "compound-rpd: 250 requests/Day groq/compound",
        "compound-tpm: 70000 tokens/Minute groq/compound", "compound-mini-rpm: 30 requests/Minute groq/compound-mini",
        "compound-mini-rpd: 250 requests/Day groq/compound-mini", "compound-mini-tpm: 70000 tokens/Minute groq/compound-mini",
        "whisper-large-v3-rpm: 20 requests/Minute whisper-large-v3", "whisper-large-v3-rpd: 2000 requests/Day whisper-large-v3",
        "whisper-large-v3-ash: 7200 seconds/Hour whisper-large-v3", "whisper-large-v3-asd: 28800 seconds/Day whisper-large-v3",
        "whisper-large-v3-turbo-rpm: 20 requests/Minute whisper-large-v3-turbo", "whisper-large-v3-turbo-rpd: 2000 requests/Day whisper-large-v3-turbo",
        "whisper-large-v3-turbo-ash: 7200 seconds/Hour whisper-large-v3-turbo", "whisper-large-v3-turbo-asd: 28800 seconds/Day whisper-large-v3-turbo")]
    [InlineData("apilaplas", "regular-requests: 10 requests/Day *", "one-at-a-time: 1 concurrent_requests/None *", "api-token: 50000 tokens/Day *")]
    [InlineData(
        "lunos", "gift-nemotron-3-super: 11 tokens/Day nvidia/nemotron-3-super-120b-a12b", "gift-gpt-oss-120b: 12 tokens/Day openai/gpt-oss-120b",
        "gift-glm-4-5-air: 13 tokens/Day z-ai/glm-4.5-air", "gift-gpt-oss-20b: 14 tokens/Day openai/gpt-oss-20b", "gift-gemma-4-31b: 15 tokens/Day google/gemma-4-31b-it")]
    [InlineData(
        "fastrouter", "daily-sarvam-105b: 10 requests/Day sarvam/sarvam-105b:free", "daily-sarvam-30b: 10 requests/Day sarvam/sarvam-30b:free",
        "daily-saaras-v3: 10 requests/Day sarvam/saaras:v3:free", "daily-bulbul-v2: 10 requests/Day sarvam/bulbul:v2:free")]
    [InlineData("sarvam")]
    public void Read_APreset_HasTheLimitsOfItsDocument(string name, params string[] limits) =>
        Read([name], Keyed([name])).ShouldHaveSingleItem().Limits.Select(Text).ShouldBe(limits);

    [Theory]
    [InlineData("openrouter", "requests/any EpochMilliseconds")]
    [InlineData("cerebras", "requests/Day Seconds", "tokens/Minute Seconds")]
    [InlineData("groq", "requests/Day GoDuration", "tokens/Minute GoDuration")]
    [InlineData("openai", "requests/Minute GoDuration", "tokens/Minute GoDuration")]
    [InlineData("fireworks", "requests/Minute none", "input_tokens/Minute none", "output_tokens/Minute none")]
    [InlineData("gemini")]
    public void Read_APreset_HasTheHeadersOfItsDocument(string name, params string[] headers) =>
        Read([name], Keyed([name])).ShouldHaveSingleItem().RateLimitHeaders
            .Select(one => $"{one.Unit.WireName()}/{one.Window?.ToString() ?? "any"} {one.ResetForm?.ToString() ?? "none"}").ShouldBe(headers);

    [Theory]
    [InlineData("OPENROUTER_FREE_REQUESTS_PER_DAY", "1000", null)]
    [InlineData("OPENROUTER_FREE_REQUESTS_PER_DAY", "1001", "presets/upstreams/openrouter.json: limits[1].amount_setting: the setting OPENROUTER_FREE_REQUESTS_PER_DAY: must be at most 1000")]
    public void Read_TenCreditsWereBought_OpenRoutersDayIsAThousandAndNoMore(string setting, string amount, string? error)
    {
        var reader = Reader(new() { ["OPENROUTER_API_KEY"] = "secret", [setting] = amount });

        var snapshot = reader.Read(Catalogue(["openrouter"]));

        string.Join(" ", reader.Errors).ShouldBe(error ?? "");
        (snapshot?.Upstreams[0].Limits[1].Limit.Amount).ShouldBe(error is null ? 1000 : null);
    }

    private static string Text(PlanLimit limit) =>
        $"{limit.Limit.Name}: {limit.Limit.Unit.Shown(limit.Limit.Amount):0.###} {limit.Limit.Unit.WireName()}/{limit.Limit.Window}{Zone(limit.Limit)} {string.Join(',', limit.Models.Patterns)}";

    private static string Zone(Limit limit) => limit.Zone.Id is "UTC" ? "" : $"@{limit.Zone.Id}";

    private static Dictionary<string, string> Keyed(string[] presets)
    {
        var settings = new Dictionary<string, string>(Needed, StringComparer.Ordinal);
        foreach (var preset in presets)
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "upstreams", $"{preset}.json")));
            settings.Add(document.RootElement.GetProperty("key_setting").GetString()!, "secret");
        }

        return settings;
    }

    private static IReadOnlyList<Upstream> Read(string[] presets, Dictionary<string, string> settings)
    {
        var reader = Reader(settings);
        var snapshot = reader.Read(Catalogue(presets));
        reader.Errors.ShouldBeEmpty();
        return snapshot!.Upstreams;
    }

    private static CatalogueReader Reader(Dictionary<string, string> settings) =>
        new(settings.GetValueOrDefault, name => File.ReadAllBytes(Path.Combine(Folder, $"{name}.json")));

    private static byte[] Catalogue(string[] presets) => Encoding.UTF8.GetBytes($$"""
        {
          "version": 1, "upstreams": { {{string.Join(", ", presets.Select(name => $$"""  "{{name}}": { "preset": "{{name}}" }"""))}} },
          "models": [ { "id": "demo/echo", "context_length": 1000, "usd_per_million_tokens": { "input": 0, "output": 0 },
            "routes": [ { "upstream": "{{presets[0]}}", "model": "@cf/meta/llama-3.2-1b-instruct" } ] } ]
        }
        """);
}
