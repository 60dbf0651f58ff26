using System.Text;
using Freeway.Gateway.Inference.Request;

namespace Freeway.Gateway.Tests.Inference.Request;

/// <summary>A form in memory, whose reads come in small portions.</summary>
internal sealed class MemoryUpload(byte[] bytes, int portion = int.MaxValue) : IUpload
{
    public long Length => bytes.Length;

    /// <summary>A form of these parts, as a client would write it.</summary>
    public static UploadedForm Form(string boundary, int portion, params IReadOnlyList<(string Name, string? FileName, byte[] Content)> parts)
    {
        var (body, places) = (new MemoryStream(), new List<FormPart>());
        foreach (var (name, fileName, content) in parts)
        {
            Write($"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{(fileName is null ? "" : $"; filename=\"{fileName}\"")}\r\n\r\n");
            places.Add(new FormPart(name, fileName, body.Length, content.Length));
            body.Write(content);
            Write("\r\n");
        }

        Write($"--{boundary}--\r\n");
        return new UploadedForm(new MemoryUpload(body.ToArray(), portion), $"multipart/form-data; boundary={boundary}", places);

        void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));
    }

    public ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation)
    {
        var read = (int)Math.Min(Math.Min(portion, into.Length), Math.Max(0, bytes.Length - at));
        bytes.AsMemory((int)Math.Min(at, bytes.Length), read).CopyTo(into);
        return new(read);
    }
}
