using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Runner.Hosting;

/// <summary>The settings of <c>host.json</c> that this host obeys, with the real host's defaults.</summary>
public sealed record HostFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Comes before every route.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>Most messages in one batch.</summary>
    public int MaxMessageBatchSize { get; init; } = 1000;

    /// <summary>Messages handled at once by a function that takes them singly.</summary>
    public int MaxConcurrentCalls { get; init; } = 16;

    public int PrefetchCount { get; init; }

    /// <summary>Holds for triggers that do not say it themselves.</summary>
    public bool AutoCompleteMessages { get; init; } = true;

    /// <exception cref="InvalidDataException">The file is there but cannot be read as a host file.</exception>
    public static HostFile Load(string path)
    {
        if (!File.Exists(path))
        {
            return new HostFile();
        }

        try
        {
            using var stream = File.OpenRead(path);
            var extensions = JsonSerializer.Deserialize<Root>(stream, Json)?.Extensions;
            var file = new HostFile();
            return file with
            {
                RoutePrefix = extensions?.Http?.RoutePrefix ?? file.RoutePrefix,
                MaxMessageBatchSize = extensions?.ServiceBus?.MaxMessageBatchSize ?? file.MaxMessageBatchSize,
                MaxConcurrentCalls = extensions?.ServiceBus?.MaxConcurrentCalls ?? file.MaxConcurrentCalls,
                PrefetchCount = extensions?.ServiceBus?.PrefetchCount ?? file.PrefetchCount,
                AutoCompleteMessages = extensions?.ServiceBus?.AutoCompleteMessages ?? file.AutoCompleteMessages,
            };
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is no host file: {e.Message}", e);
        }
    }

    private sealed record Root([property: JsonPropertyName("extensions")] Extensions? Extensions);

    private sealed record Extensions(Http? Http, ServiceBus? ServiceBus);

    private sealed record Http(string? RoutePrefix);

    private sealed record ServiceBus(int? MaxMessageBatchSize, int? MaxConcurrentCalls, int? PrefetchCount, bool? AutoCompleteMessages);
}
