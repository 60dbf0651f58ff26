using Freeway.Gateway.Inference.Metering.Audio;

namespace Freeway.Gateway.Inference.Request;

/// <summary>A form as it was sent.</summary>
/// <param name="ContentType">With its boundary, as written.</param>
/// <param name="Parts">In the order in which they stand.</param>
public sealed record UploadedForm(IUpload Upload, string ContentType, IReadOnlyList<FormPart> Parts);

/// <summary>One part of a form, and where in the upload its content stands.</summary>
/// <param name="FileName">Null where the part is no file.</param>
public sealed record FormPart(string Name, string? FileName, long At, long Length);

/// <summary>A body that may be too large for memory: it can be read at any place, any number of times.</summary>
public interface IUpload
{
    long Length { get; }

    /// <returns>How many bytes were read; 0 only at the end.</returns>
    ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation);
}

/// <summary>A part of an upload that is a file with sound.</summary>
internal sealed class UploadedAudio(IUpload upload, FormPart file) : IAudioFormat
{
    public long Length => file.Length;

    public ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation)
    {
        var left = file.Length - at;
        return left <= 0 ? new(0) : upload.ReadAsync(file.At + at, left < into.Length ? into[..(int)left] : into, cancellation);
    }
}
