using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Functions.Settings;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Freeway.Functions.Http.Endpoints;

/// <summary>An inference request over HTTP.</summary>
internal sealed class HttpExchange(
    HttpContext http, Surface surface, RequestIdentity identity, GatewayOptions options, TimeProvider clock) : IExchange, IDisposable
{
    private const int LongestApp = 200;
    private readonly Spool _spool = new();

    public string RequestId => identity.Id;

    public string? CallerRequestId => identity.FromCaller;

    public Surface Surface => surface;

    public string? Secret => Secrets.Of(http.Request);

    public string? App
    {
        get
        {
            var app = http.Request.Headers["X-Title"].ToString() is { Length: > 0 } title ? title : http.Request.Headers.Referer.ToString();
            return app is "" ? null : app.Length <= LongestApp ? app : app[..LongestApp];
        }
    }

    public CancellationToken CallerGone => http.RequestAborted;

    public bool HasBegun => http.Response.HasStarted;

    /// <summary>
    /// Gets whether the function must end with an exception: the server then sends what was written and cuts the
    /// connection.
    /// </summary>
    public bool IsBroken { get; private set; }

    public PipeWriter Body => http.Response.BodyWriter;

    public Result<RequestOptions> ReadOptions() => RequestOptionsHeaders.Read(http.Request.Headers, surface);

    public async Task<Result<ReadOnlyMemory<byte>>> ReadBodyAsync() =>
        HeaderSize.Of(http.Request) > options.MaxHeaderBytes
            ? Refuse.RequestHeadersTooLarge(options.MaxHeaderBytes)
            : await BodyReading.ReadAsync(http.Request, options.MaxRequestBytes, CallerGone);

    public async Task<Result<UploadedForm>> ReadFormAsync() =>
        HeaderSize.Of(http.Request) > options.MaxHeaderBytes
            ? Refuse.RequestHeadersTooLarge(options.MaxHeaderBytes)
            : await FormReading.ReadAsync(http.Request, _spool, options.MaxUploadBytes, CallerGone);

    public void Begin(AnswerHead head)
    {
        var response = http.Response;
        response.StatusCode = head.Status;
        response.ContentType = head.ContentType;
        response.ContentLength = head.ContentLength;
        response.Headers["x-freeway-model"] = head.Model;
        response.Headers["x-freeway-upstream"] = head.Upstream;
        response.Headers["x-freeway-tier"] = head.Tier;
        if (head.OutputCeiling is { } ceiling)
        {
            response.Headers["x-freeway-output-ceiling"] = ceiling.ToString(CultureInfo.InvariantCulture);
        }

        if (head.Cache is { } cache)
        {
            response.Headers["x-freeway-cache"] = cache.WireName();
        }

        if (head.Age is { } age)
        {
            response.Headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        response.Headers.CacheControl = "no-store";
        RateLimitHeaders.Write(response.Headers, head.Limits, clock.GetUtcNow());
        if (head is { ContentLength: null, RoughLength: { } rough })
        {
            RoughLength.Tell(http, rough);
        }
        else if (head.ContentLength is null)
        {
            UncompressedBody.Restore(http);
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }
    }

    public void Dispose() => _spool.Dispose();

    public Task CompleteAsync() => http.Response.CompleteAsync();

    public void Break() => IsBroken = true;

    public async Task RefuseAsync(Refusal refusal)
    {
        if (http.Response.HasStarted)
        {
            await BreakOffAsync(refusal);
            return;
        }

        http.Response.ContentLength = null;
        await RefusalResponseWriter.WriteAsync(http.Response, refusal, clock.GetUtcNow());
        await http.Response.CompleteAsync();
    }

    public async Task ReplayAsync(RequestOutcome outcome)
    {
        await ReplayResponse.WriteAsync(http.Response, outcome);
        await http.Response.CompleteAsync();
    }

    public Task ReplayAsync(Refusal refusal)
    {
        ReplayResponse.Mark(http.Response);
        return RefuseAsync(refusal);
    }

    public ReadOnlyMemory<byte> Write(UsageReport report) => UsageReportBody.Write(report);

    /// <summary>
    /// A stream that had to begin early, to keep its caller waiting in comfort, cannot change its status any more.
    /// </summary>
    private async Task BreakOffAsync(Refusal refusal)
    {
        var error = MessagesPath.IsFor(http.Request)
            ? MessagesError.Body(refusal, RequestId).Error
            : RefusalResponseWriter.Body(refusal).Error;
        var json = JsonSerializer.SerializeToUtf8Bytes(error, PlainJson.Api.ErrorDetail);
        OwnChunk.WriteBroken(
            Body, surface.Stream, new ChunkHead(RequestId, clock.GetUtcNow().ToUnixTimeSeconds(), "", 0), error.Code,
            error.Message, json);
        await Body.FlushAsync();
        Break();
    }
}

internal static class HeaderSize
{
    public static int Of(HttpRequest request)
    {
        var size = 0;
        foreach (var (name, values) in request.Headers)
        {
            size += name.Length;
            for (var index = 0; index < values.Count; index++)
            {
                size += values[index]?.Length ?? 0;
            }
        }

        return size;
    }
}
