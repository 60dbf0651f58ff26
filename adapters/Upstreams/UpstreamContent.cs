using System.Net;
using System.Net.Http.Headers;
using Freeway.Gateway.Upstreams;

namespace Freeway.Adapters.Upstreams;

/// <summary>A call's body as HTTP sends it.</summary>
internal sealed class UpstreamContent : HttpContent
{
    private readonly IUpstreamBody _body;

    public UpstreamContent(IUpstreamBody body)
    {
        _body = body;
        Headers.ContentType = MediaTypeHeaderValue.Parse(body.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _body.WriteAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length ?? 0;
        return _body.Length is not null;
    }
}
