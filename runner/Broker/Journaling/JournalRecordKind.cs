namespace Freeway.Runner.Broker.Journaling;

/// <summary>The numbers are on disk: never reuse one.</summary>
internal enum JournalRecordKind : byte
{
    /// <summary>A message was accepted; in a rewritten journal: a message that is still held.</summary>
    Stored = 1,

    /// <summary>A delivery began. A lock that ends without more needs no record.</summary>
    Delivered = 2,

    /// <summary>The delivery is taken back: nobody saw it.</summary>
    Released = 3,

    Removed = 4,

    /// <summary>A receiver changed its properties.</summary>
    Changed = 5,

    DeadLettered = 6,
    Deferred = 7,

    /// <summary>A MessageId whose message is gone, but which duplicates must not repeat.</summary>
    Seen = 8,

    /// <summary>Sequence numbers go on from here.</summary>
    Sequence = 9,
}
