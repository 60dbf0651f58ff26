using System.Net;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>NVIDIA's trial credits: given once, one for each request.</summary>
public sealed class NvidiaTests
{
    [Fact]
    public async Task Credits_AreSpent_AreRefusedForGood()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 2);
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 1);

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.Forbidden, "free_quota_exhausted");
        gateway.Clock.MoveOn(TimeSpan.FromDays(400));
        await gateway.RefusedAsync(caller, "acme/b:free", HttpStatusCode.Forbidden, "free_quota_exhausted");
    }

    [Fact]
    public async Task Credits_OfABusiness_AreMore()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { UserTier = "business" });

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 4);
    }

    [Fact]
    public async Task Credits_AtSignUp_AreAThousand()
    {
        await using var gateway = await PresetGateway.StartAsync("nvidia", null, Models);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        using var business = await gateway.NewCallerAsync(new Org("firm", "Firm") { UserTier = "business" });

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);

        var credits = await gateway.LimitAsync(caller, "nvidia.credits");
        (credits.GetProperty("limit").GetInt64(), credits.GetProperty("remaining").GetInt64()).ShouldBe((1000, 999));
        (await gateway.LimitAsync(business, "nvidia.credits")).GetProperty("limit").GetInt64().ShouldBe(5000);
    }

    [Fact]
    public async Task Credits_SettingIsAboveFiveThousand_IsRefusedAtStart()
    {
        var errors = await PresetGateway.StartErrorsAsync("nvidia", Models, ("NVIDIA_CREDITS", "5001"));

        var error = errors.ShouldHaveSingleItem();
        error.ShouldContain("NVIDIA_CREDITS");
        error.ShouldContain("5000");
    }

    [Fact]
    public async Task Credits_OfAModelWithItsOwnRate_AreTakenAtThatRate()
    {
        await using var gateway = await PresetGateway.StartAsync(
            "nvidia", null, [TestCatalogue.Model("acme/dear", new { free = new { enabled = true, plan = "nvidia" }, compute_units = new { request = 2 } })], ("NVIDIA_CREDITS", "3"));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/dear:free", times: 1);

        await gateway.RefusedAsync(caller, "acme/dear:free", HttpStatusCode.Forbidden, "free_quota_exhausted");
    }

    private static JsonObject[] Models => [PresetGateway.Free("acme/a", "nvidia"), PresetGateway.Free("acme/b", "nvidia")];

    private static Task<TestGateway> StartAsync() => PresetGateway.StartAsync("nvidia", null, Models, ("NVIDIA_CREDITS", "3"));
}
