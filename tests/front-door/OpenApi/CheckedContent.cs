using System.Net;

namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>Content that is checked once it has been read to its end, however it is read: nothing is held up for it.</summary>
internal sealed class CheckedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Func<ReadOnlyMemory<byte>, Task> _check;

    public CheckedContent(HttpContent inner, Func<ReadOnlyMemory<byte>, Task> check)
    {
        (_inner, _check) = (inner, check);
        foreach (var (name, values) in inner.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() => new CheckedStream(await _inner.ReadAsStreamAsync(), _check);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await using var body = await CreateContentReadStreamAsync();
        await body.CopyToAsync(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
