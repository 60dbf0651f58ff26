using System.Net;
using System.Net.Sockets;
using Freeway.Adapters.Upstreams;
using Freeway.Gateway.Upstreams;
using Freeway.Tests.Shared;
using Microsoft.AspNetCore.Http;

namespace Freeway.Adapters.Tests.Upstreams;

public sealed class SafeConnectionTests
{
    private static readonly IPAddress[] Here = [IPAddress.Loopback];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Connect_ANameLeadsToAPrivateAddress_IsRefusedAndNotTriedAgain(string address)
    {
        var lookUps = 0;
        var options = new CallOptions { ConnectRetries = 5, ConnectPause = TimeSpan.Zero };

        var failure = await Should.ThrowAsync<HttpRequestException>(SendAsync("https://rebound.example/v1", options, _ =>
        {
            lookUps++;
            return Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]);
        }));

        failure.InnerException.ShouldBeOfType<PrivateAddressException>();
        lookUps.ShouldBe(1);
    }

    [Theory]
    [InlineData("https://10.0.0.1/v1")]
    [InlineData("https://[fd00::1]/v1")]
    public async Task Connect_ToAPrivateAddressItself_IsRefused(string url) =>
        (await Should.ThrowAsync<HttpRequestException>(SendAsync(url, new CallOptions(), _ => throw new InvalidOperationException("no name to look up"))))
            .InnerException.ShouldBeOfType<PrivateAddressException>();

    [Fact]
    public async Task Connect_TheOperatorAllowsPrivateAddresses_IsConnected()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) => response.WriteAsync("here"));

        (await SendAsync($"http://inside.example:{upstream.Port}/", new CallOptions { AllowPrivate = true }, _ => Task.FromResult(Here))).ShouldBe("here");
    }

    [Fact]
    public async Task Connect_SomeAddressesOfANameArePrivate_OnlyTheOthersAreTried()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) => response.WriteAsync("here"));

        // To localhost loopback is allowed, and nothing else that is private.
        (await SendAsync($"http://localhost:{upstream.Port}/", new CallOptions(), _ => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), .. Here]))).ShouldBe("here");
    }

    [Fact]
    public async Task Connect_FailsAtFirst_IsTriedAgainAndSentOnce()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) => response.WriteAsync("here"));
        var lookUps = 0;

        var answer = await SendAsync(
            $"http://localhost:{upstream.Port}/", new CallOptions { ConnectRetries = 2, ConnectPause = TimeSpan.Zero },
            _ => ++lookUps < 3 ? throw new SocketException((int)SocketError.TryAgain) : Task.FromResult(Here));

        (answer, lookUps, upstream.Received.Count).ShouldBe(("here", 3, 1));
    }

    [Fact]
    public async Task Connect_FailsOnceMoreThanIsTried_IsUnreachable()
    {
        var lookUps = 0;

        await Should.ThrowAsync<HttpRequestException>(SendAsync("http://localhost:1/", new CallOptions { ConnectRetries = 2, ConnectPause = TimeSpan.Zero }, _ =>
        {
            lookUps++;
            throw new SocketException((int)SocketError.HostNotFound);
        }));

        lookUps.ShouldBe(3);
    }

    [Fact]
    public async Task Connect_TakesTooLong_IsGivenUpAfterEachTrysTime()
    {
        var clock = new ManualTime();
        using var asked = new SemaphoreSlim(0);
        var sending = SendAsync(
            "http://localhost:1/", new CallOptions { ConnectRetries = 1, ConnectPause = TimeSpan.Zero, Connect = TimeSpan.FromSeconds(5) },
            async cancellation =>
            {
                var never = new TaskCompletionSource<IPAddress[]>();
                await using var given = cancellation.Register(() => never.TrySetCanceled(cancellation));
                asked.Release();
                return await never.Task;
            },
            clock);

        for (var attempt = 0; attempt < 2; attempt++)
        {
            (await asked.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
            sending.IsCompleted.ShouldBeFalse();
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        await Should.ThrowAsync<HttpRequestException>(sending.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static async Task<string> SendAsync(
        string url, CallOptions options, Func<CancellationToken, Task<IPAddress[]>> resolve, TimeProvider? clock = null)
    {
        var connection = new SafeConnection(options, clock ?? TimeProvider.System, () => 0.5, (_, cancellation) => resolve(cancellation));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = connection.ConnectAsync, UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        return await response.Content.ReadAsStringAsync();
    }
}
