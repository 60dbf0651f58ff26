using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Upstreams;
using Freeway.Runner.Loopback;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>The one gateway that all clients of the matrix call.</summary>
public sealed class MatrixGateway : IAsyncDisposable
{
    public const string Open = "acme/open:free";
    public const string Daily = "acme/daily:free";
    public const string Minute = "acme/minute:free";

    private const string Place = """{"city":"Oslo"}""";

    private readonly TestGateway _gateway;
    private readonly RequestLog _log;

    private MatrixGateway(TestGateway gateway, RequestLog log) => (_gateway, _log) = (gateway, log);

    public Uri Url => new(_gateway.Host.Url, "api/v1");

    public ShiftedTime Clock => _gateway.Clock;

    public static async Task<MatrixGateway> StartAsync()
    {
        var log = new RequestLog();
        var stumbled = new ConcurrentDictionary<string, bool>();
        var gateway = await TestGateway.StartAsync(
            request => Script(request, stumbled),
            TestCatalogue.Settings(new
            {
                plans = new
                {
                    open = Plan("day", 1000),
                    daily = Plan("day", 1),
                    minute = Plan("minute", 1),
                },
                models = new[] { Free("acme/open", "open"), Free("acme/daily", "daily"), Free("acme/minute", "minute"), TestCatalogue.Model("acme/paid") },
            }),
            services: services => services
                .AddSingleton<IStartupFilter>(log)
                // All scenarios share one upstream, and some make it fail. What a client gets must not depend on how many
                // others failed within the breaker's sampling time: on a busy machine the failing ones' retries come last
                // and alone, the breaker would open, and the rest would be answered 503.
                .AddSingleton(new BreakerOptions { LeastCalls = int.MaxValue }));
        return new MatrixGateway(gateway, log);
    }

    /// <summary>The secret of a new key of the client's org, as the scenario has it.</summary>
    public async Task<string> NewKeyAsync(MatrixScenario scenario, string client)
    {
        var secret = KeySecret.Create();
        if (!scenario.Stranger)
        {
            await SaveAsync(secret, client, scenario.HardRefusal);
        }

        return secret;
    }

    /// <summary>Uses up what the client's org has of a model that admits one request.</summary>
    public async Task SpendAsync(string client, string model)
    {
        var secret = KeySecret.Create();
        await SaveAsync(secret, client, HardRefusal.TooManyRequests);
        using var caller = _gateway.Client(secret);
        using var answer = await _gateway.ChatAsync(model, client: caller);
        await answer.TextAsync();
    }

    /// <summary>The statuses of the answers to this key's requests.</summary>
    public IReadOnlyList<int> Statuses(string secret) => _log.Of(secret);

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private Task SaveAsync(string secret, string client, HardRefusal hardRefusal)
    {
        var key = new ApiKey(KeyHash.Of(secret).Hex[..12], client, "matrix") { HardRefusal = hardRefusal };
        return _gateway.Host.Services.GetRequiredService<IKeyStore>().SaveAsync(
            KeyHash.Of(secret), new Caller(new Org(client, client), key), CancellationToken.None);
    }

    private static object Plan(string window, int amount) =>
        new { limits = new[] { new { name = "requests", unit = "requests", amount, window, scope = "org_model" } } };

    private static JsonObject Free(string id, string plan) => TestCatalogue.Model(id, new { free = new { enabled = true, plan } });

    private static LoopbackScript? Script(LoopbackRequest request, ConcurrentDictionary<string, bool> stumbled)
    {
        if (request.Chat is not { } chat)
        {
            return null;
        }

        using var body = JsonDocument.Parse(request.Body);
        var last = body.RootElement.GetProperty("messages").EnumerateArray().Last();
        return last.GetProperty("role").GetString() is "tool" ? new LoopbackScript { Text = last.GetProperty("content").GetString() }
            : body.RootElement.TryGetProperty("tools", out var tools)
                ? new LoopbackScript { ToolCall = new LoopbackToolCall(tools[0].GetProperty("function").GetProperty("name").GetString()!, Place) }
            : body.RootElement.TryGetProperty("response_format", out var format) && format.TryGetProperty("json_schema", out _)
                ? new LoopbackScript { Text = Place }
            : chat.UserText.StartsWith(MatrixScenarios.Stumbling, StringComparison.Ordinal) && stumbled.TryAdd(chat.UserText, true) ? new LoopbackScript { Error = 500 }
            : null;
    }
}
