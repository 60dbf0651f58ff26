using System.Text;

namespace Freeway.FrontDoor.Tests.Surfaces;

/// <summary>Reads an answer that must not come to its end.</summary>
internal static class BrokenOff
{
    public static async Task<string> ReadAsync(HttpResponseMessage response) => Encoding.UTF8.GetString(await ReadBytesAsync(response));

    public static async Task<byte[]> ReadBytesAsync(HttpResponseMessage response)
    {
        using var seen = new MemoryStream();
        await Should.ThrowAsync<IOException>(async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(seen));
        return seen.ToArray();
    }
}
