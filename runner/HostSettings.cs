using Microsoft.Extensions.Configuration;

namespace Freeway.Runner;

/// <summary>The settings that the runner itself reads or fills in.</summary>
internal static class HostSettings
{
    public const string Storage = "AzureWebJobsStorage";
    public const string ServiceBus = "ServiceBus";
    public const string ActivityQueue = "ActivityQueueName";
    public const string LoopbackUrl = "Freeway:Upstreams:loopback:BaseUrl";
    public const string AdminKeyHash = "Freeway:AdminKeyHash";
    public const string CataloguePath = "Freeway:CataloguePath";

    private const string DefaultStorage = "UseDevelopmentStorage=true";

    /// <summary>Whether an existing storage account is named, by whatever means the real host knows.</summary>
    public static bool NamesStorage(IConfiguration settings) =>
        settings[Storage] is { Length: > 0 } connection
            ? !connection.Trim(';', ' ').Equals(DefaultStorage, StringComparison.OrdinalIgnoreCase)
            : settings.GetSection(Storage).GetChildren().Any();

    public static bool NamesServiceBus(IConfiguration settings) =>
        settings[ServiceBus] is { Length: > 0 } || settings.GetSection(ServiceBus).GetChildren().Any();

    public static bool NamesLoopback(IConfiguration settings) => settings[LoopbackUrl] is { Length: > 0 };

    /// <summary>Configuration from flat settings, in which <c>__</c> stands for the separator as in an environment.</summary>
    public static IConfigurationRoot Read(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings
                .GroupBy(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)
                .Select(group => KeyValuePair.Create(group.Key, group.Last().Value)))
            .Build();
}
