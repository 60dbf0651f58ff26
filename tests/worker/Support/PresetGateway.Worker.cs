using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Presets;

internal static partial class PresetGateway
{
    private static Task<TestGateway> StartAsync(
        Func<LoopbackRequest, LoopbackScript?>? script, string preset, string? plan, JsonObject[] models,
        (string Name, string Value)[] settings) =>
        TestGateway.StartAsync(script, Settings(preset, plan, models, settings));
}
