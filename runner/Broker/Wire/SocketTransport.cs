using System.Buffers;
using System.Net.Sockets;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Transport;

namespace Freeway.Runner.Broker.Wire;

/// <summary>
/// An accepted socket as the AMQP library's transport. The library has one of its own, which comes with a listener that
/// shares its port silently and asks the DNS for the host's name.
/// </summary>
internal sealed class SocketTransport : TransportBase
{
    private readonly Socket _socket;
    private readonly byte[] _received = new byte[64 * 1024];
    private int _start;
    private int _end;

    public SocketTransport(Socket socket)
        : base("loopback")
    {
        _socket = socket;
        _socket.NoDelay = true;
        LocalEndPoint = socket.LocalEndPoint?.ToString() ?? "";
        RemoteEndPoint = socket.RemoteEndPoint?.ToString() ?? "";
    }

    public override string LocalEndPoint { get; }

    public override string RemoteEndPoint { get; }

    public override void SetMonitor(ITransportMonitor usageMeter)
    {
        // Nobody meters the broker.
    }

    /// <summary>Reads from the socket and returns whether it completes later, by the callback.</summary>
    public override bool ReadAsync(TransportAsyncCallbackArgs args)
    {
        if (_start == _end)
        {
            var receiving = _socket.ReceiveAsync(_received.AsMemory(), SocketFlags.None);
            if (!receiving.IsCompletedSuccessfully)
            {
                _ = FinishReadAsync(receiving, args);
                return true;
            }

            (_start, _end) = (0, receiving.Result);
        }

        HandOut(args);
        args.CompletedSynchronously = true;
        return false;
    }

    /// <summary>Writes to the socket and returns whether it completes later, by the callback.</summary>
    public override bool WriteAsync(TransportAsyncCallbackArgs args)
    {
        var (bytes, rented) = Gather(args);
        var sending = SendAllAsync(bytes);
        if (!sending.IsCompletedSuccessfully)
        {
            _ = FinishWriteAsync(sending, rented, args);
            return true;
        }

        Return(rented);
        args.BytesTransfered = args.Count;
        args.Exception = null;
        args.CompletedSynchronously = true;
        return false;
    }

    protected override bool CloseInternal()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The peer was quicker.
        }
        finally
        {
            _socket.Dispose();
        }

        return true;
    }

    protected override void AbortInternal() => _socket.Dispose();

    private static (ReadOnlyMemory<byte> Bytes, byte[]? Rented) Gather(TransportAsyncCallbackArgs args)
    {
        if (args.Buffer is { } single)
        {
            return (single.AsMemory(args.Offset, args.Count), null);
        }

        var rented = ArrayPool<byte>.Shared.Rent(args.Count);
        var length = 0;
        foreach (var piece in args.ByteBufferList)
        {
            piece.Buffer.AsSpan(piece.Offset, piece.Length).CopyTo(rented.AsSpan(length));
            length += piece.Length;
        }

        return (rented.AsMemory(0, length), rented);
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
        }
    }

    private async Task FinishReadAsync(ValueTask<int> receiving, TransportAsyncCallbackArgs args)
    {
        try
        {
            (_start, _end) = (0, await receiving.ConfigureAwait(false));
            HandOut(args);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            args.Exception = exception;
        }

        args.CompletedSynchronously = false;
        args.CompletedCallback(args);
    }

    private static async Task FinishWriteAsync(ValueTask sending, byte[]? rented, TransportAsyncCallbackArgs args)
    {
        try
        {
            await sending.ConfigureAwait(false);
            args.BytesTransfered = args.Count;
            args.Exception = null;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            args.Exception = exception;
        }

        Return(rented);
        args.CompletedSynchronously = false;
        args.CompletedCallback(args);
    }

    private void HandOut(TransportAsyncCallbackArgs args)
    {
        var count = Math.Min(args.Count, _end - _start);
        _received.AsSpan(_start, count).CopyTo(args.Buffer.AsSpan(args.Offset));
        _start += count;
        args.BytesTransfered = count;
        args.Exception = null;
    }
}
