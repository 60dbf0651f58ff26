using System.Text;
using Freeway.Adapters.Upstreams;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Upstreams;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Adapters.Tests.Upstreams;

/// <summary>The client for upstreams as the program composes it, with one upstream and a clock that stands still.</summary>
internal sealed class UpstreamRig : IAsyncDisposable
{
    public const string Key = "sk-the-very-secret-key";

    private readonly ServiceProvider _services;

    /// <param name="upstream">An entry of the catalogue.</param>
    /// <param name="baseUrl">Goes before the entry's own.</param>
    public UpstreamRig(string upstream, string baseUrl, CallOptions? options = null)
    {
        var reader = new CatalogueReader(name => Setting(name, baseUrl), name => File.ReadAllBytes(Path.Combine(RepositoryFolder.Root, "presets", $"{name}.json")));
        var catalogue = reader.Read(Encoding.UTF8.GetBytes($$"""
            {
              "version": 1, "upstreams": { "one": {{upstream}} },
              "models": [ { "id": "m", "context_length": 10, "usd_per_million_tokens": { "input": 0, "output": 0 }, "routes": [ { "upstream": "one", "model": "@cf/meta/llama-3.2-1b-instruct" } ] } ]
            }
            """));
        reader.Errors.ShouldBeEmpty();
        Upstream = catalogue!.UpstreamOf("one");
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(new Random(1))
            .AddSingleton(options ?? new CallOptions { ConnectPause = TimeSpan.Zero, ConnectRetries = 0 })
            .AddUpstreams()
            .BuildServiceProvider();
    }

    public ManualTime Clock { get; } = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    public LogCollector Log { get; } = new();

    public Upstream Upstream { get; }

    public IUpstreamDirectory Directory => _services.GetRequiredService<IUpstreamDirectory>();

    public Task<UpstreamReply> PostAsync(string json, string path = "chat/completions", CancellationToken cancellation = default) =>
        _services.GetRequiredService<IUpstreamClient>().SendAsync(new UpstreamCall(Upstream, path, new JsonPieces([Encoding.UTF8.GetBytes(json)])), cancellation);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static string? Setting(string name, string baseUrl) => name switch
    {
        "Freeway:Upstreams:one:BaseUrl" => baseUrl,
        _ when name.StartsWith("Freeway:", StringComparison.Ordinal) => null,
        _ when name.EndsWith("_KEY", StringComparison.Ordinal) || name.EndsWith("_TOKEN", StringComparison.Ordinal) => Key,
        _ => "1",
    };
}
