using System.Text.Json;
using System.Xml;
using Freeway.Tests.Shared;

namespace Freeway.Bicep.Tests;

/// <summary>The emulator's configuration keeps its bounds and has the queue of the sample settings.</summary>
public sealed class EmulatorTests
{
    [Fact]
    public void Config_HasTheQueueOfTheSampleSettings_WithinTheBoundsOfTheEmulator()
    {
        using var config = Read("eng", "local", "service-bus", "Config.json");
        using var sample = Read("local.settings.sample.json");
        var spaces = config.RootElement.GetProperty("UserConfig").GetProperty("Namespaces");
        var space = spaces.EnumerateArray().ShouldHaveSingleItem();
        var queue = space.GetProperty("Queues").EnumerateArray().ShouldHaveSingleItem();
        var properties = queue.GetProperty("Properties");
        var queueName = sample.RootElement.GetProperty("Values").GetProperty("ActivityQueueName").GetString();

        space.GetProperty("Name").GetString().ShouldBe("sbemulatorns");
        space.TryGetProperty("Topics", out _).ShouldBeTrue();
        queue.GetProperty("Name").GetString().ShouldBe(queueName);
        Time(properties, "DefaultMessageTimeToLive").ShouldBeInRange(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1));
        Time(properties, "DuplicateDetectionHistoryTimeWindow")
            .ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));
        Time(properties, "LockDuration").ShouldBe(TimeSpan.FromMinutes(1));
        properties.GetProperty("MaxDeliveryCount").GetInt32().ShouldBe(10);
        properties.GetProperty("RequiresDuplicateDetection").GetBoolean().ShouldBeTrue();
        properties.GetProperty("RequiresSession").GetBoolean().ShouldBeFalse();
    }

    private static TimeSpan Time(JsonElement properties, string name) =>
        XmlConvert.ToTimeSpan(properties.GetProperty(name).GetString()!);

    private static JsonDocument Read(params string[] path) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine([RepositoryFolder.Root, .. path])));
}
