using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Keys;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Apilaplas' free tier: small answers.</summary>
public sealed class ApilaplasTests
{
    [Fact]
    public async Task Chat_MoreThan512OutputTokens_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.BadRequest, "cap_exceeded", tokens: 513);
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1, tokens: 512);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "apilaplas", null,
            [PresetGateway.Free("acme/a", "apilaplas"), PresetGateway.Free("acme/b", "apilaplas")]);
}
