using System.Globalization;
using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Cloudflare Workers AI: ten thousand neurons a day, of which each model takes at its rate.</summary>
public sealed class CloudflareTests
{
    [Fact]
    public async Task Neurons_BeyondTenThousandADay_AreRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        // 30,000 tokens of this model are 6,144 neurons.
        await gateway.AdmittedAsync(caller, "@cf/meta/llama-3.3-70b-instruct-fp8-fast:free", times: 1, tokens: 30000);

        await gateway.RefusedAsync(caller, "@cf/meta/llama-3.3-70b-instruct-fp8-fast:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded", tokens: 30000);
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.AdmittedAsync(caller, "@cf/meta/llama-3.3-70b-instruct-fp8-fast:free", times: 1, tokens: 30000);
    }

    [Fact]
    public async Task Neurons_OfTwoModels_ArePerTheirRates()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "@cf/meta/llama-3.3-70b-instruct-fp8-fast:free", times: 1, tokens: 30000);

        // The same 30,000 tokens are 548 neurons of the small one.
        await gateway.AdmittedAsync(caller, "@cf/meta/llama-3.2-1b-instruct:free", times: 2, tokens: 30000);
        await gateway.RefusedAsync(caller, "@cf/meta/llama-3.3-70b-instruct-fp8-fast:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded", tokens: 30000);
    }

    [Theory]
    [InlineData("@cf/meta/llama-3.2-1b-instruct", 10, "0.194805")]
    [InlineData("@cf/meta/llama-3.2-1b-instruct", 1000, "18.264285")]
    [InlineData("@cf/meta/llama-3.3-70b-instruct-fp8-fast", 1000, "204.93834")]
    public async Task Neurons_OfAnAnswer_AreByItsLengthAtTheModelsRate(string model, int tokens, string neurons)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, model + ":free", times: 1, tokens);

        // Five tokens in, at the rate of input, and the answer's at the rate of output.
        var used = await Eventually.GetAsync(
            () => gateway.LimitAsync(caller, "cloudflare-workers-ai.neurons"), card => card.GetProperty("reserved").GetDecimal() is 0);
        used.GetProperty("used").GetDecimal().ShouldBe(decimal.Parse(neurons, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Neurons_OfAModelWithoutARate_AreMissedAtStart()
    {
        var errors = await PresetGateway.StartErrorsAsync("cloudflare-workers-ai", [PresetGateway.Free("@cf/acme/new", "cloudflare-workers-ai")]);

        errors.ShouldHaveSingleItem().ShouldContain("compute_units");
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "cloudflare-workers-ai", null,
            [PresetGateway.Free("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "cloudflare-workers-ai"), PresetGateway.Free("@cf/meta/llama-3.2-1b-instruct", "cloudflare-workers-ai")]);
}
