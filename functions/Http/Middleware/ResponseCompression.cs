using Freeway.Functions.Http.Responses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Freeway.Functions.Http.Middleware;

/// <summary>
/// Compresses text whose length is known and worth it; streams and what an upstream sends piece by piece never.
/// </summary>
internal sealed class ResponseCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    /// <summary>
    /// The least length, in bytes, that is worth compressing. Below, an answer fits into one packet either way.
    /// </summary>
    public const int Least = 1024;

    public override bool ShouldCompressResponse(HttpContext context)
    {
        var length = context.Response.ContentLength ?? RoughLength.Of(context);
        return !context.Response.HasStarted && length >= Least && base.ShouldCompressResponse(context);
    }

    /// <summary>An ETag that says "byte for byte" would not be true of a compressed copy.</summary>
    public override ICompressionProvider? GetCompressionProvider(HttpContext context)
    {
        var provider = base.GetCompressionProvider(context);
        var headers = context.Response.GetTypedHeaders();
        if (provider is not null && headers.ETag is { IsWeak: false } strong)
        {
            headers.ETag = new EntityTagHeaderValue(strong.Tag, isWeak: true);
        }

        return provider;
    }
}
