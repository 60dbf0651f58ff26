using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Settings;

/// <summary>
/// The settings of <c>host.json</c> that this host obeys, with the real host's defaults. A setting
/// <c>AzureFunctionsJobHost__path__of__it</c> goes over the file, as it does on Azure.
/// </summary>
public sealed record HostFile
{
    /// <summary>Stands for categories that nothing else names.</summary>
    private const string DefaultLevel = "default";

    private const string Overrides = "AzureFunctionsJobHost";

    /// <summary>
    /// The paths in host.json that are obeyed, or that ask for nothing special; a path covers all that is below it.
    /// </summary>
    private static readonly string[] Obeyed =
    [
        "version", "telemetryMode", "functionTimeout", "logging:logLevel", "extensions:http:routePrefix",
        "extensions:serviceBus:maxMessageBatchSize", "extensions:serviceBus:maxConcurrentCalls",
        "extensions:serviceBus:prefetchCount", "extensions:serviceBus:autoCompleteMessages",
        "extensions:serviceBus:maxAutoLockRenewalDuration",
    ];

    /// <summary>Comes before every route.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>The longest that one invocation may take; null for no limit.</summary>
    public TimeSpan? FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Most messages in one batch.</summary>
    public int MaxMessageBatchSize { get; init; } = 1000;

    /// <summary>Messages handled at once by a function that takes them singly.</summary>
    public int MaxConcurrentCalls { get; init; } = 16;

    public int PrefetchCount { get; init; }

    /// <summary>Holds for triggers that do not say it themselves.</summary>
    public bool AutoCompleteMessages { get; init; } = true;

    /// <summary>Gets the longest time for which the lock of a single message is renewed; a batch is not.</summary>
    public TimeSpan MaxAutoLockRenewalDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The lowest level that is logged, by the beginning of a category.</summary>
    public IReadOnlyDictionary<string, LogLevel> LogLevels { get; init; } = new Dictionary<string, LogLevel>();

    /// <summary>The settings that are given and that this host does not obey, as paths with colons.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>
    /// Tells whether a line of the app's log is passed on: the level of the longest beginning of its category counts.
    /// </summary>
    internal bool Logs(string category, LogLevel level)
    {
        var of = LogLevels.Keys
            .Where(key => category.StartsWith(key, StringComparison.OrdinalIgnoreCase))
            .MaxBy(key => key.Length) ?? DefaultLevel;
        return level >= LogLevels.GetValueOrDefault(of, LogLevel.Information);
    }

    /// <param name="settings">The app's settings, which may override the file's; null for none.</param>
    /// <exception cref="InvalidDataException">The file is there but cannot be read as a host file.</exception>
    public static HostFile Load(string path, IConfiguration? settings = null)
    {
        try
        {
            var overrides = settings?.GetSection(Overrides).AsEnumerable(makePathsRelative: true) ?? [];
            return Read(new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(path), optional: true)
                .AddInMemoryCollection(overrides.Where(setting => setting.Value is not null))
                .Build());
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or InvalidDataException)
        {
            throw new InvalidDataException($"{path} is no host file: {(e.InnerException ?? e).Message}", e);
        }
    }

    private static HostFile Read(IConfigurationRoot file)
    {
        var (usual, queue) = (new HostFile(), file.GetSection("extensions:serviceBus"));
        return new HostFile
        {
            RoutePrefix = file["extensions:http:routePrefix"] ?? usual.RoutePrefix,
            FunctionTimeout = Timeout(file["functionTimeout"], usual.FunctionTimeout),
            MaxMessageBatchSize = queue.GetValue("maxMessageBatchSize", usual.MaxMessageBatchSize),
            MaxConcurrentCalls = queue.GetValue("maxConcurrentCalls", usual.MaxConcurrentCalls),
            PrefetchCount = queue.GetValue("prefetchCount", usual.PrefetchCount),
            AutoCompleteMessages = queue.GetValue("autoCompleteMessages", usual.AutoCompleteMessages),
            MaxAutoLockRenewalDuration = queue.GetValue("maxAutoLockRenewalDuration", usual.MaxAutoLockRenewalDuration),
            LogLevels = file.GetSection("logging:logLevel").GetChildren()
                .ToDictionary(level => level.Key, level => level.Get<LogLevel>(), StringComparer.OrdinalIgnoreCase),
            Ignored = [.. file.AsEnumerable().Where(setting => setting.Value is not null).Select(setting => setting.Key)
                .Where(key => !Obeyed.Any(path => Covers(path, key))).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>A time of -1 is no limit.</summary>
    private static TimeSpan? Timeout(string? text, TimeSpan? usual) =>
        text is null or "" ? usual
        : text is "-1" ? null
        : TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    private static bool Covers(string path, string key) =>
        key.Equals(path, StringComparison.OrdinalIgnoreCase)
        || key.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase);
}
