using System.Buffers;
using System.IO.Pipelines;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Requests;

/// <summary>Reads a JSON body whole, within a limit: the model's name may stand at its end.</summary>
internal static class BodyReading
{
    public static async Task<Result<ReadOnlyMemory<byte>>> ReadAsync(
        HttpRequest request, long most, CancellationToken cancellation)
    {
        if (request.ContentLength > most)
        {
            return Refuse.RequestTooLarge(most);
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await NextAsync(request, cancellation);
            if (read.Buffer.Length > most)
            {
                reader.AdvanceTo(read.Buffer.End);
                return Refuse.RequestTooLarge(most);
            }

            if (read.IsCompleted)
            {
                ReadOnlyMemory<byte> body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Says why a body could not be read: it came too slowly, or breaks the rules of HTTP.</summary>
    public static Refusal Refusal(BadHttpRequestException broken) =>
        broken.StatusCode is StatusCodes.Status408RequestTimeout
            ? Refuse.RequestTimeout()
            : Refuse.InvalidTransfer(broken.Message);

    /// <summary>Waits for more of the body.</summary>
    /// <exception cref="BadHttpRequestException">What comes is no HTTP body.</exception>
    public static async ValueTask<ReadResult> NextAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await request.BodyReader.ReadAsync(cancellation);
        }
        catch (IOException broken) when (broken.InnerException is OverflowException)
        {
            // The server computes a chunk's size without a check; what does not fit looks like a bug of its own.
            throw new BadHttpRequestException("The size of a chunk is not valid.", broken);
        }
    }
}
