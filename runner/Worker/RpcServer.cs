using System.Collections.Concurrent;
using System.Net;
using Freeway.Runner.Hosting;
using Freeway.Runner.Worker.Protocol;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RpcException = Grpc.Core.RpcException;

namespace Freeway.Runner.Worker;

/// <summary>The gRPC server that processes of the worker connect to.</summary>
internal sealed class RpcServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, WorkerChannel> _expected;

    private RpcServer(WebApplication app, ConcurrentDictionary<string, WorkerChannel> expected) =>
        (_app, _expected) = (app, expected);

    /// <summary>Gets the address that the server listens at, on the loopback interface.</summary>
    public Uri Url => new(_app.Urls.First());

    public static async Task<RpcServer> StartAsync(MessageSettlement settlement, CancellationToken cancellation)
    {
        var expected = new ConcurrentDictionary<string, WorkerChannel>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(RpcServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // A batch of messages is as large as its messages, and one stream lasts as long as the worker.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton(new FunctionRpcService(expected));
        builder.Services.AddSingleton(new SettlementService(settlement));
        var app = builder.Build();
        app.MapGrpcService<FunctionRpcService>();
        app.MapGrpcService<SettlementService>();
        await app.StartAsync(cancellation);
        return new RpcServer(app, expected);
    }

    /// <summary>Gives the id under which a process of the worker must come to get this channel.</summary>
    public string Expect(WorkerChannel channel)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        _expected[id] = channel;
        return id;
    }

    public void Forget(string id) => _expected.TryRemove(id, out _);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>Takes the streams of workers; each says first who it is.</summary>
internal sealed class FunctionRpcService(ConcurrentDictionary<string, WorkerChannel> expected)
    : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken)
            || requestStream.Current.StartStream is not { } start
            || !expected.TryRemove(start.WorkerId, out var channel))
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "This worker is not expected."));
        }

        await channel.ServeAsync(requestStream, responseStream, context.CancellationToken);
    }
}
