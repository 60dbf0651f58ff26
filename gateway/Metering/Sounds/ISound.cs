namespace Freeway.Gateway.Metering.Sounds;

/// <summary>A file with sound, of which any part can be read.</summary>
public interface ISound
{
    /// <summary>In bytes.</summary>
    long Length { get; }

    /// <returns>How many bytes were read; 0 only at the end.</returns>
    ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation);
}
