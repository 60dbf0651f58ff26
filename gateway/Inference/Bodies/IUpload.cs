namespace Freeway.Gateway.Inference.Bodies;

/// <summary>A body that may be too large for memory: it can be read at any place, any number of times.</summary>
public interface IUpload
{
    long Length { get; }

    /// <returns>How many bytes were read; 0 only at the end.</returns>
    ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation);
}
