using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Freeway.FrontDoor.Tests.Telemetry.Collector;

/// <summary>An OTLP collector over HTTP that keeps every byte it is sent, headers of the requests included.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = new();

    private OtlpCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    /// <summary>All that came, as it came.</summary>
    public IReadOnlyList<byte[]> Bytes => [.. _received.Select(one => one.Body)];

    public IReadOnlyList<SeenSpan> Spans => [.. Bodies("traces")
        .SelectMany(body => body.Below(1, 2, 2))
        .Select(span => new SeenSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Number(6), span.Attributes(9), [.. span.All(13).Select(link => link.Hex(1))]))];

    public IReadOnlyList<SeenPoint> Points => [.. Bodies("metrics").SelectMany(body => body.Below(1, 2)).SelectMany(PointsOf)];

    public IReadOnlyList<SeenLine> Lines => [.. Bodies("logs")
        .SelectMany(body => body.Below(1, 2, 2))
        .Select(line => new SeenLine(line.Hex(9), line.All(5).Single().Text(1), line.Attributes(6)))];

    /// <summary>The attributes of whoever sends.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Resources => [.. _received.SelectMany(one => new Proto(one.Body).Below(1, 1)).Select(resource => resource.Attributes(1))];

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/{signal}", collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>The settings by which a gateway sends here.</summary>
    public Dictionary<string, string?> Settings(params (string Name, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Freeway__Telemetry__OtlpEndpoint"] = Url,
            ["Freeway__Telemetry__OtlpHeaders"] = "authorization=Bearer collector-secret-5f1c",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IEnumerable<SeenPoint> PointsOf(Proto scope)
    {
        var meter = scope.All(1).Single().Text(1);
        foreach (var metric in scope.All(2))
        {
            foreach (var point in metric.Below(5, 1).Concat(metric.Below(7, 1)))
            {
                yield return new SeenPoint(meter, metric.Text(1), metric.Text(3), point.Has(4) ? point.Double(4) : (long)point.Number(6), point.Attributes(7));
            }

            foreach (var point in metric.Below(9, 1))
            {
                yield return new SeenPoint(meter, metric.Text(1), metric.Text(3), point.Number(4), point.Attributes(9));
            }
        }
    }

    private IEnumerable<Proto> Bodies(string signal) => _received.Where(one => one.Signal == signal).Select(one => new Proto(one.Body));

    private async Task<IResult> TakeAsync(string signal, HttpRequest request)
    {
        Authorizations.Enqueue(request.Headers.Authorization.ToString());
        await using var body = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        using var whole = new MemoryStream();
        await body.CopyToAsync(whole);
        _received.Enqueue((signal, whole.ToArray()));
        return Results.Bytes([], "application/x-protobuf");
    }
}
