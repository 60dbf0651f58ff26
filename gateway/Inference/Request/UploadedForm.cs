using Freeway.Gateway.Inference.Metering.Audio;

namespace Freeway.Gateway.Inference.Request;

/// <summary>Is a form as it was sent.</summary>
/// <param name="ContentType">The content type with its boundary, as written.</param>
/// <param name="Parts">The parts in the order in which they stand.</param>
public sealed record UploadedForm(IUpload Upload, string ContentType, IReadOnlyList<FormPart> Parts);

/// <summary>Is one part of a form, and says where in the upload its content stands.</summary>
/// <param name="FileName">The file's name; null where the part is no file.</param>
public sealed record FormPart(string Name, string? FileName, long At, long Length);

/// <summary>Reads a body that may be too large for memory, at any place, any number of times.</summary>
public interface IUpload
{
    long Length { get; }

    /// <returns>The number of bytes that were read; 0 at the end.</returns>
    ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation);
}

/// <summary>Is a part of an upload that is a file with sound.</summary>
internal sealed class UploadedAudio(IUpload upload, FormPart file) : IAudioFormat
{
    public long Length => file.Length;

    public ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation)
    {
        var left = file.Length - at;
        var most = (int)Math.Clamp(left, 0, into.Length);
        return most is 0 ? new(0) : upload.ReadAsync(file.At + at, into[..most], cancellation);
    }
}
