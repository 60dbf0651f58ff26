using System.Net;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Google Gemini's free tier: numbers of the account's own, class by class and model by model.</summary>
public sealed class GeminiTests
{
    [Fact]
    public async Task Classes_FlashAndFlashLite_HaveTheirOwnNumbers()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 2);
        await gateway.AdmittedAsync(caller, "google/g-flash-lite:free", times: 3);

        await gateway.RefusedAsync(caller, "google/g-flash:free", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
        await gateway.RefusedAsync(caller, "google/g-flash-lite:free", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
    }

    [Fact]
    public async Task RequestsADay_BeyondTheSetting_AreRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 2);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 2);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));

        await gateway.RefusedAsync(caller, "google/g-flash:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 1);
    }

    /// <summary>A day of Gemini ends at midnight Pacific time: seven hours after the UTC day in summer.</summary>
    [Fact]
    public async Task RequestsADay_AtMidnightUtc_AreSpentUntilMidnightPacific()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 2);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 2);

        gateway.Clock.MoveTo(new DateTimeOffset(2026, 5, 30, 0, 0, 30, TimeSpan.Zero));
        using (var refused = await gateway.AskAsync(caller, "google/g-flash:free"))
        {
            var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
            error.GetProperty("reset_at").GetString().ShouldBe("2026-05-30T07:00:00Z");
            refused.Header("Retry-After").ShouldBe("25170");
        }

        var limit = await gateway.LimitAsync(caller, "gemini.flash-rpd", "google/g-flash");
        limit.GetProperty("time_zone").GetString().ShouldBe("America/Los_Angeles");
        limit.GetProperty("window_id").GetString().ShouldBe("2026-05-29@America/Los_Angeles");
        limit.GetProperty("resets_at").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 5, 30, 7, 0, 0, TimeSpan.Zero));

        gateway.Clock.MoveTo(new DateTimeOffset(2026, 5, 30, 7, 0, 0, TimeSpan.Zero));
        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 2);
    }

    [Fact]
    public async Task Limits_OfOneModel_AreNotThoseOfAnotherOfItsClass()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 2);

        await gateway.RefusedAsync(caller, "google/g-flash:free", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
        await gateway.AdmittedAsync(caller, "google/g2-flash:free", times: 2);
        await gateway.RefusedAsync(caller, "google/g2-flash:free", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
    }

    [Fact]
    public async Task TokensAMinute_BeyondTheSetting_AreRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 1, tokens: 900);

        await gateway.RefusedAsync(caller, "google/g-flash:free", HttpStatusCode.TooManyRequests, "rate_limit_exceeded", tokens: 900);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await gateway.AdmittedAsync(caller, "google/g-flash:free", times: 1, tokens: 900);
    }

    [Fact]
    public async Task Numbers_AreNotSet_AreEachNamedAtStart()
    {
        var errors = await PresetGateway.StartErrorsAsync("gemini", Models, Settings[0]);

        errors.Count.ShouldBe(Settings.Length - 1);
        foreach (var (name, _) in Settings[1..])
        {
            errors.ShouldContain(error => error.Contains($"the setting {name} is needed", StringComparison.Ordinal), name);
        }
    }

    private static readonly (string Name, string Value)[] Settings =
    [
        ("GEMINI_FLASH_RPM", "2"),
        ("GEMINI_FLASH_TPM", "1500"),
        ("GEMINI_FLASH_RPD", "4"),
        ("GEMINI_FLASH_LITE_RPM", "3"),
        ("GEMINI_FLASH_LITE_TPM", "100000"),
        ("GEMINI_FLASH_LITE_RPD", "4"),
    ];

    private static JsonObject[] Models =>
        [PresetGateway.Free("google/g-flash", "gemini"), PresetGateway.Free("google/g2-flash", "gemini"), PresetGateway.Free("google/g-flash-lite", "gemini")];

    private static Task<TestGateway> StartAsync() => PresetGateway.StartAsync("gemini", null, Models, Settings);
}
