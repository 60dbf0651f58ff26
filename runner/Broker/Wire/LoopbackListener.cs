using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.Amqp.Transport;

namespace Freeway.Runner.Broker.Wire;

/// <summary>Accepts connections on 127.0.0.1, on a port that is this listener's alone.</summary>
internal sealed class LoopbackListener : TransportListener, IDisposable
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<SocketTransport, bool> _transports = new();

    /// <exception cref="BrokerPortUnavailableException">Somebody else listens there.</exception>
    public LoopbackListener(int port, TimeProvider time)
        : base("loopback-listener")
    {
        _time = time;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ExclusiveAddressUse = true,
        };
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _socket.Listen();
            Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        }
        catch (SocketException exception)
        {
            _socket.Dispose();
            throw new BrokerPortUnavailableException(port, exception);
        }
    }

    public int Port { get; }

    /// <summary>Ends the connections that no longer answer.</summary>
    public void AbortTransports()
    {
        foreach (var transport in _transports.Keys)
        {
            transport.Abort();
        }
    }

    public void Dispose() => _socket.Dispose();

    protected override void OnListen() => _ = AcceptAsync();

    protected override bool CloseInternal()
    {
        _socket.Dispose();
        return true;
    }

    protected override void AbortInternal() => _socket.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Hand(await _socket.AcceptAsync().ConfigureAwait(false));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.OperationAborted)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer left while it waited, or there are no more file handles.
                await Task.Delay(PauseAfterError, _time).ConfigureAwait(false);
            }
        }
    }

    private void Hand(Socket accepted)
    {
        var transport = new SocketTransport(accepted);
        _transports[transport] = true;
        transport.SafeAddClosed((_, _) => _transports.TryRemove(transport, out _));
        transport.Open();
        OnTransportAccepted(new TransportAsyncCallbackArgs { Transport = transport, CompletedSynchronously = true });
    }
}

/// <summary>The broker cannot listen on its port, most often because another process does.</summary>
public sealed class BrokerPortUnavailableException : IOException
{
    internal BrokerPortUnavailableException(int port, Exception cause)
        : base($"The broker cannot listen on 127.0.0.1:{port}: {cause.Message}.", cause) => Port = port;

    public int Port { get; }
}
