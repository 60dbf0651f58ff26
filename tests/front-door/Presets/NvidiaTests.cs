using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Keys;

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

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
        gateway.Clock.MoveOn(TimeSpan.FromDays(400));
        await gateway.RefusedAsync(caller, "acme/b:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
    }

    [Fact]
    public async Task Credits_OfABusiness_AreMore()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { UserTier = "business" });

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 4);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "nvidia", null,
            [PresetGateway.Free("acme/a", "nvidia"), PresetGateway.Free("acme/b", "nvidia")],
            ("NVIDIA_CREDITS", "3"));
}
