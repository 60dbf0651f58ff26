using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Catalogue;

/// <summary>The presets that come with the program, each read as a catalogue reads it.</summary>
public sealed class ShippedPresetsTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Root, "presets");

    private static readonly string[] Names =
    [
        "apilaplas", "cerebras", "cloudflare-workers-ai", "fastrouter", "fireworks", "gemini", "hugging-face", "hyperbolic", "lunos", "nvidia", "openai",
        "openrouter", "vercel-ai-gateway",
    ];

    /// <summary>Every setting that a preset needs, with an amount of a unit of which anything is whole.</summary>
    private static readonly Dictionary<string, string> Needed = new(StringComparer.Ordinal)
    {
        ["LUNOS_DAILY_TOKENS_NEMOTRON_3_SUPER"] = "11",
        ["LUNOS_DAILY_TOKENS_GPT_OSS_120B"] = "12",
        ["LUNOS_DAILY_TOKENS_GLM_4_5_AIR"] = "13",
        ["LUNOS_DAILY_TOKENS_GPT_OSS_20B"] = "14",
        ["LUNOS_DAILY_TOKENS_GEMMA_4_31B"] = "15",
        ["HUGGING_FACE_MONTHLY_USD"] = "0.1",
        ["HUGGING_FACE_MONTHLY_USD_PRO"] = "2",
        ["GEMINI_FLASH_LITE_RPM"] = "21",
        ["GEMINI_FLASH_LITE_TPM"] = "22",
        ["GEMINI_FLASH_LITE_RPD"] = "23",
        ["GEMINI_FLASH_RPM"] = "24",
        ["GEMINI_FLASH_TPM"] = "25",
        ["GEMINI_FLASH_RPD"] = "26",
        ["HYPERBOLIC_RPM"] = "31",
        ["HYPERBOLIC_RPM_PRO"] = "32",
    };

    public static TheoryData<string> Presets => [.. Names];

    [Fact]
    public void Presets_OfTheProgram_AreThoseOfTheThirteenSystems() =>
        Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ShouldBe(Names.Select(name => $"{name}.json"));

    [Theory]
    [MemberData(nameof(Presets))]
    public void Read_APresetWithItsSettings_IsGoodAndSaysWhereItIsFrom(string name)
    {
        var (snapshot, errors) = Read([name], Needed);

        errors.ShouldBeEmpty();
        var plan = snapshot!.Plans.All.ShouldHaveSingleItem();
        plan.Sources.ShouldNotBeEmpty();
        plan.Description.ShouldNotBeNullOrWhiteSpace();
        plan.Limits.ShouldAllBe(limit => limit.Limit.Amount > 0);
    }

    [Fact]
    public void Read_AllPresetsTogether_AreGood()
    {
        var (snapshot, errors) = Read(Names, Needed);

        errors.ShouldBeEmpty();
        snapshot!.Plans.All.Count.ShouldBe(Names.Length);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Read_APresetWithoutSettings_NamesEachThatItNeeds(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, $"{name}.json"));
        var needed = Needed.Keys.Where(setting => text.Contains($"\"{setting}\"", StringComparison.Ordinal)).ToList();

        var errors = Read([name], []).Errors;

        errors.Count.ShouldBe(needed.Count);
        errors.ShouldAllBe(error => error.StartsWith($"presets/{name}.json: plans.", StringComparison.Ordinal));
        needed.ShouldAllBe(setting => errors.Any(error => error.Contains($"the setting {setting} is needed", StringComparison.Ordinal)));
        needed.ShouldAllBe(setting => text.Contains("needed", StringComparison.Ordinal), "the description says so");
    }

    /// <summary>Every number says which document it is from, and when that was last looked at, unless the document has no date.</summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void Read_APreset_EachNumberSaysWhereItIsFrom(string name)
    {
        var preset = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{name}.json")))!;
        var plan = preset["plans"]!.AsObject().ShouldHaveSingleItem().Value!;

        PresetOrigins.Missing(preset, plan).ShouldBeEmpty();
    }

    /// <summary>What is asked of those who use a system's free tier, and what happens at its end; what nobody has found out says so.</summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void Read_APreset_SaysWhetherACardIsNeededAndWhetherItStops(string name)
    {
        var offer = Read([name], Needed).Snapshot!.Plans.All[0].Offer;

        offer.Terms.ShouldNotBeNullOrWhiteSpace();
        (offer is { CardNeeded: not null, HardStop: not null } || offer.Terms.Contains("not known", StringComparison.Ordinal)).ShouldBeTrue();
    }

    /// <summary>What the documents say, limit by limit: amount, unit, window, scope; what holds for whom; what happens when it is spent.</summary>
    [Theory]
    [InlineData("fastrouter", "daily: 10 requests/Day OrgModel *; Reject,NextFree")]
    [InlineData("lunos",
        "gift-nemotron-3-super: 11 tokens/Day OrgModel nvidia/nemotron-3-super-120b-a12b when premium; Bill,NextFree,Reject",
        "gift-gpt-oss-120b: 12 tokens/Day OrgModel openai/gpt-oss-120b when premium; Bill,NextFree,Reject",
        "gift-glm-4-5-air: 13 tokens/Day OrgModel z-ai/glm-4.5-air when premium; Bill,NextFree,Reject",
        "gift-gpt-oss-20b: 14 tokens/Day OrgModel openai/gpt-oss-20b; Bill,NextFree,Reject",
        "gift-gemma-4-31b: 15 tokens/Day OrgModel google/gemma-4-31b-it; Bill,NextFree,Reject")]
    [InlineData("apilaplas",
        "regular-requests: 10 requests/Day ModelGroup *; Reject",
        "one-at-a-time: 1 concurrent_requests/None Org *; Reject",
        "api-token: 50000 tokens/Day Org *; Reject")]
    [InlineData("openrouter", "per-minute: 20 requests/Minute Org *; Reject", "daily: 50 requests/Day Org *, 1000 bought 10; Reject")]
    [InlineData("cerebras",
        "requests-per-minute: 30 requests/Minute OrgModel *; Reject,NextFree",
        "input-tokens-per-minute: 60000 input_tokens/Minute OrgModel *; Reject,NextFree",
        "tokens-per-day: 1000000 tokens/Day OrgModel *; Reject,NextFree")]
    [InlineData("cloudflare-workers-ai", "neurons: 10000 compute_units/Day Org *; Reject")]
    [InlineData("hugging-face", "monthly-credit: 0.1 usd/Month Org *, 2 tier pro; Bill,Reject")]
    [InlineData("vercel-ai-gateway", "credit: 5 usd/Rolling30Days Org * when never paid; Bill,Reject")]
    [InlineData("gemini",
        "flash-lite-rpm: 21 requests/Minute OrgModel *flash-lite*; Reject,NextFree",
        "flash-lite-tpm: 22 tokens/Minute OrgModel *flash-lite*; Reject,NextFree",
        "flash-lite-rpd: 23 requests/Day@America/Los_Angeles OrgModel *flash-lite*; Reject,NextFree",
        "flash-rpm: 24 requests/Minute OrgModel *flash*,!*flash-lite*; Reject,NextFree",
        "flash-tpm: 25 tokens/Minute OrgModel *flash*,!*flash-lite*; Reject,NextFree",
        "flash-rpd: 26 requests/Day@America/Los_Angeles OrgModel *flash*,!*flash-lite*; Reject,NextFree")]
    [InlineData("nvidia", "credits: 1000 compute_units/Lifetime Org *, 5000 tier business; Reject")]
    [InlineData("hyperbolic", "rpm: 31 requests/Minute OrgModel *, 32 tier pro; Reject", "promo-credit: 1 usd/Lifetime Org * when phone verified; Bill,Reject")]
    [InlineData("fireworks", "sign-up-credit: 1 usd/Lifetime Org *; Bill,Reject")]
    [InlineData("openai")]
    public void Read_APreset_HasTheLimitsOfItsDocument(string name, params string[] limits) =>
        Read([name], Needed).Snapshot!.Plans.All[0].Limits.Select(Text).ShouldBe(limits);

    [Theory]
    [InlineData("lunos", Billing.Prepaid, 5, 5)]
    [InlineData("openai", Billing.Prepaid, 5, null)]
    [InlineData("vercel-ai-gateway", Billing.Prepaid, null, null)]
    [InlineData("hugging-face", Billing.Prepaid, null, null)]
    [InlineData("fireworks", Billing.Prepaid, null, null)]
    [InlineData("hyperbolic", Billing.Prepaid, null, null)]
    [InlineData("fastrouter", Billing.Free, null, null)]
    [InlineData("openrouter", Billing.Free, null, null)]
    public void Read_APreset_HasTheBillingOfItsDocument(string name, Billing billing, int? leastUsd, int? premiumUsd)
    {
        var plan = Read([name], Needed).Snapshot!.Plans.All[0];

        plan.Billing.ShouldBe(billing);
        plan.Purchases.ShouldBe(new PurchaseRules(leastUsd * 1_000_000_000L ?? 1, premiumUsd * 1_000_000_000L));
    }

    [Theory]
    [InlineData("5000", 5000)]
    [InlineData("5000.000001", null)]
    public void Read_NvidiasCredits_EndAtFiveThousand(string setting, int? credits)
    {
        var (snapshot, errors) = Read(["nvidia"], new() { ["NVIDIA_CREDITS"] = setting });

        (snapshot?.Plans.All[0].Limits[0].Limit.Amount / 1_000_000).ShouldBe(credits);
        errors.Count.ShouldBe(credits is null ? 1 : 0);
    }

    [Fact]
    public void Read_AModelThatCloudflaresPresetDoesNotKnow_NeedsARate()
    {
        Read(["cloudflare-workers-ai"], [], Model("@cf/other/model")).Errors.ShouldHaveSingleItem()
            .ShouldStartWith("presets/cloudflare-workers-ai.json: plans.cloudflare-workers-ai.rates: there is none for the model '@cf/other/model'");
        Read(["cloudflare-workers-ai"], [], Model("@cf/other/model", """, "compute_units": { "input": 5, "output": 7 }""")).Errors.ShouldBeEmpty();
    }

    private static string Text(PlanLimit limit) =>
        $"{limit.Limit.Name}: {limit.Limit.Unit.Shown(limit.Limit.Amount):0.###} {limit.Limit.Unit.WireName()}/{limit.Limit.Window}{Zone(limit.Limit)} {limit.Limit.Scope} {string.Join(',', limit.Models.Patterns)}"
        + string.Concat(limit.Amounts.Select(other => $", {limit.Limit.Unit.Shown(other.Amount):0.###} {Text(other.When)}"))
        + (limit.When is { } when ? $" when {Text(when)}" : "")
        + $"; {string.Join(',', limit.Overflow)}";

    private static string Zone(Limit limit) => limit.Zone.Id is "UTC" ? "" : $"@{limit.Zone.Id}";

    private static string Text(Condition condition) => condition switch
    {
        { Premium: true } => "premium",
        { PhoneVerified: true } => "phone verified",
        { NeverPaid: true } => "never paid",
        { UserTier: { } tier } => $"tier {tier}",
        { PurchasedAtLeastNanos: { } nanos } => $"bought {nanos / 1_000_000_000}",
        _ => "?",
    };

    /// <summary>A catalogue of these presets and of every model that they know.</summary>
    private static (CatalogueSnapshot? Snapshot, IReadOnlyList<string> Errors) Read(string[] presets, Dictionary<string, string> settings, string? more = null)
    {
        var known = presets.SelectMany(Known).Distinct().Select(id => Model(id)).Append(more ?? Model("demo/echo"));
        var json = $$"""
            {
              "version": 1, "presets": {{JsonSerializer.Serialize(presets)}}, "upstreams": { "loopback": { "base_url": "http://127.0.0.1:1/v1" } },
              "models": [ {{string.Join(", ", known)}} ]
            }
            """;
        var reader = new CatalogueReader(settings.GetValueOrDefault, name => File.ReadAllBytes(Path.Combine(Folder, $"{name}.json")));
        return (reader.Read(Encoding.UTF8.GetBytes(json)), reader.Errors);
    }

    private static string Model(string id, string more = "") => $$"""
        { "id": "{{id}}", "context_length": 1000, "usd_per_million_tokens": { "input": 1, "output": 2 }, "routes": [ { "upstream": "loopback", "model": "echo" } ]{{more}} }
        """;

    private static IEnumerable<string> Known(string preset)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{preset}.json")));
        return document.RootElement.TryGetProperty("models", out var models) ? [.. models.EnumerateArray().Select(model => model.GetProperty("id").GetString()!)] : [];
    }
}
