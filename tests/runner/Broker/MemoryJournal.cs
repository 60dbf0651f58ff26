using System.Buffers;
using Freeway.Runner.Broker.Journaling;

namespace Freeway.Runner.Tests.Broker;

/// <summary>A journal that a test can read, cut, and replay.</summary>
internal sealed class MemoryJournal : IJournal
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public MemoryJournal() => _bytes.Write(JournalReader.Magic);

    public int Length => _bytes.WrittenCount;

    /// <summary>Where each record ends.</summary>
    public List<int> Ends { get; } = [];

    public byte[] Bytes(int length) => _bytes.WrittenSpan[..length].ToArray();

    public void Append(in JournalRecord record)
    {
        JournalCodec.Encode(record, _bytes);
        Ends.Add(Length);
    }

    public Task Written() => Task.CompletedTask;
}
