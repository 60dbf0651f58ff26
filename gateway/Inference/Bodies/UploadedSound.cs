using Freeway.Gateway.Metering.Sounds;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>A part of an upload that is a file with sound.</summary>
internal sealed class UploadedSound(IUpload upload, FormPart file) : ISound
{
    public long Length => file.Length;

    public ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation)
    {
        var left = file.Length - at;
        return left <= 0 ? new(0) : upload.ReadAsync(file.At + at, left < into.Length ? into[..(int)left] : into, cancellation);
    }
}
