using System.Buffers;
using Freeway.Gateway.Refusals;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http;

/// <summary>Reads a JSON body whole, within a limit: the model's name may stand at its end.</summary>
internal static class BodyReading
{
    public static async Task<Decision<ReadOnlyMemory<byte>>> ReadAsync(HttpRequest request, long most, CancellationToken cancellation)
    {
        if (request.ContentLength > most)
        {
            return Refuse.RequestTooLarge(most);
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
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
}
