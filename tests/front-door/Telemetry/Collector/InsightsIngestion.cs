using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Freeway.FrontDoor.Tests.Telemetry.Collector;

/// <summary>The place that Application Insights takes telemetry at; it keeps every byte it is sent.</summary>
public sealed class InsightsIngestion : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _received = new();

    private InsightsIngestion(WebApplication app) => _app = app;

    /// <summary>All that came, as it came.</summary>
    public IReadOnlyList<byte[]> Bytes => [.. _received];

    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] =
            $"InstrumentationKey=7a1b6c1e-0000-4000-8000-000000000001;IngestionEndpoint={_app.Urls.First()}/",
    };

    public static async Task<InsightsIngestion> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var ingestion = new InsightsIngestion(builder.Build());
        ingestion._app.MapPost("{**path}", ingestion.TakeAsync);
        await ingestion._app.StartAsync();
        return ingestion;
    }

    /// <summary>What was sent of one kind, e.g. <c>RequestData</c>: its base data.</summary>
    public IReadOnlyList<JsonElement> Data(string kind) => [.. Items()
        .Select(item => item.GetProperty("data"))
        .Where(data => data.GetProperty("baseType").GetString() == kind)
        .Select(data => data.GetProperty("baseData"))];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<JsonElement> Items() => _received
        .SelectMany(body => Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(line => JsonDocument.Parse(line).RootElement);

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        await using var body = request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(request.Body, CompressionMode.Decompress)
            : request.Body;
        using var whole = new MemoryStream();
        await body.CopyToAsync(whole);
        _received.Enqueue(whole.ToArray());
        var count = whole.ToArray().Count(one => one == (byte)'\n') + 1;
        return Results.Json(new { itemsReceived = count, itemsAccepted = count, errors = Array.Empty<object>() });
    }
}
