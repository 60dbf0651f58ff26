using System.Buffers;

namespace Freeway.Runner.Loopback;

/// <summary>An answer that goes out in pieces.</summary>
internal interface ILoopbackStream
{
    string ContentType { get; }

    int Pieces { get; }

    /// <summary>What goes before the first piece.</summary>
    void Begin(IBufferWriter<byte> body);

    void Piece(IBufferWriter<byte> body, int at);

    /// <summary>What goes behind the last piece.</summary>
    void End(IBufferWriter<byte> body);

    /// <summary>The error that ends it early. False where there is no way to say it: the connection then breaks.</summary>
    bool Error(IBufferWriter<byte> body, LoopbackError error);
}
