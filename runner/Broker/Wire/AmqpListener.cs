using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Broker.Wire;

/// <summary>Accepts the connections of clients, and ends them.</summary>
internal sealed partial class AmqpListener : IAsyncDisposable
{
    /// <summary>
    /// The SASL mechanism of Service Bus clients: it lets all in, tokens are shown later at <c>$cbs</c>.
    /// </summary>
    private const string Mechanism = "MSSBCBS";

    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger;
    private readonly LoopbackListener _sockets;
    private readonly AmqpTransportListener _listener;
    private readonly ConcurrentDictionary<AmqpConnection, bool> _connections = new();

    /// <exception cref="BrokerPortUnavailableException">Somebody else listens on the port.</exception>
    public AmqpListener(int port, LinkRouter router, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _sockets = new LoopbackListener(port, time);
        _listener = new AmqpTransportListener([_sockets], SettingsFor(router));
        _listener.Open();
        _listener.Listen(Welcome);
    }

    public int Port => _sockets.Port;

    public async ValueTask DisposeAsync()
    {
        _sockets.Close();
        await Task.WhenAll(_connections.Keys.Select(EndAsync)).ConfigureAwait(false);

        // Those that did not answer in time, and those that were never open.
        _sockets.AbortTransports();
        _sockets.Dispose();
    }

    private static AmqpSettings SettingsFor(LinkRouter router)
    {
        var sasl = new SaslTransportProvider();
        sasl.Versions.Add(AmqpConstants.DefaultProtocolVersion);
        sasl.AddHandler(new SaslAnonymousHandler(Mechanism));
        var plain = new AmqpTransportProvider();
        plain.Versions.Add(AmqpConstants.DefaultProtocolVersion);
        return new AmqpSettings { RuntimeProvider = router, TransportProviders = { sasl, plain } };
    }

    private static async Task EndAsync(AmqpConnection connection)
    {
        var closing = connection.CloseAsync(CloseTimeout);
        await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Welcome(TransportListener listener, TransportAsyncCallbackArgs args) => _ = WelcomeAsync(args);

    private async Task WelcomeAsync(TransportAsyncCallbackArgs args)
    {
        try
        {
            var connection = _listener.AmqpSettings.RuntimeProvider.CreateConnection(
                args.Transport,
                (ProtocolHeader)args.UserToken,
                isInitiator: false,
                _listener.AmqpSettings,
                new AmqpConnectionSettings { ContainerId = "freeway-broker" });
            _connections[connection] = true;
            connection.SafeAddClosed((_, _) => _connections.TryRemove(connection, out _));
            await connection.OpenAsync(OpenTimeout).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ConnectionFailed(_logger, exception, args.Transport.RemoteEndPoint);
            args.Transport.Abort();
        }
    }

    [LoggerMessage(7, LogLevel.Debug, "A connection from {Remote} ended before it was open.")]
    private static partial void ConnectionFailed(ILogger logger, Exception exception, string remote);
}
