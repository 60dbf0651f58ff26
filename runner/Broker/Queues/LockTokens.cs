using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Freeway.Runner.Broker.Queues;

/// <summary>Lock tokens that no earlier run of a broker has handed out: a random half, and a count.</summary>
internal sealed class LockTokens
{
    private readonly byte[] _run = RandomNumberGenerator.GetBytes(8);
    private long _count;

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        _run.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Interlocked.Increment(ref _count));
        return new Guid(bytes);
    }
}
