using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Functions.Settings;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Presets;

internal static partial class PresetGateway
{
    /// <param name="script">Decides how the upstream answers; null leaves it to the request's own text.</param>
    /// <param name="plan">The plan of bare ids; null for the usual one.</param>
    public static async Task<TestGateway> StartAsync(
        Func<LoopbackRequest, LoopbackScript?>? script, string preset, string? plan, JsonObject[] models,
        params (string Name, string Value)[] settings)
    {
        var gateway = await TestGateway.StartAsync(script, Settings(preset, plan, models, settings));
        // So that no minute ends in the middle of a test.
        gateway.Clock.MoveTo(TestGateway.Noon.AddHours(1));
        return gateway;
    }

    /// <summary>Why a gateway with these does not start.</summary>
    public static async Task<IReadOnlyList<string>> StartErrorsAsync(
        string preset, JsonObject[] models, params (string Name, string Value)[] settings) =>
        (await Should.ThrowAsync<InvalidSettingsException>(async () =>
        {
            await using var gateway = await StartAsync(preset, null, models, settings);
        })).Errors;
}
