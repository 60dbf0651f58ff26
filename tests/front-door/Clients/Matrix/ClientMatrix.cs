using System.Collections.Concurrent;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>Plays every scenario with every client, once for all tests that look at the outcomes.</summary>
public sealed class ClientMatrix : IAsyncLifetime
{
    /// <summary>The next minute is so near then that a client which waits for it can be waited for.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(56);

    /// <summary>For a client that is expected to end: it is waited for on the busiest machine.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(60);

    /// <summary>For a client that is expected to sleep, or to go on trying, once the gateway has answered.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromSeconds(6);

    /// <summary>For one of which nothing is expected: longer than any client's own pauses add up to, when it does give up.</summary>
    private static readonly TimeSpan Unknown = TimeSpan.FromSeconds(20);

    private const int AtOnce = 40;

    private readonly Dictionary<(string Client, string Scenario), MatrixOutcome> _outcomes = [];
    private readonly ConcurrentQueue<string> _unavailable = [];

    /// <summary>The cells in which the gateway answered 503, with what the client made of it.</summary>
    public IReadOnlyCollection<string> Unavailable => _unavailable;

    public MatrixOutcome Of(string client, string scenario) => _outcomes[(client, scenario)];

    public async Task InitializeAsync()
    {
        var clients = await Task.WhenAll(MatrixClient.All.Select(async client => (client.Name, Playing: await client.StartAsync())));
        try
        {
            // It starts with a minute. A first round warms everybody up, so that nobody is late in that minute.
            await using var gateway = await MatrixGateway.StartAsync();
            var (late, rest) = (MatrixScenarios.All.Where(scenario => scenario.LateInTheMinute), MatrixScenarios.All.Where(scenario => !scenario.LateInTheMinute));
            await PlayAsync(gateway, clients, [.. rest.Take(2)], () => { });
            await PlayAsync(gateway, clients, [.. late], () => gateway.Clock.MoveTo(TestGateway.Noon + Late));
            await PlayAsync(gateway, clients, [.. rest.Skip(2)], () => { });
        }
        finally
        {
            foreach (var (_, playing) in clients)
            {
                await playing.DisposeAsync();
            }
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task PlayAsync(
        MatrixGateway gateway, IReadOnlyList<(string Name, IMatrixClient Playing)> clients, IReadOnlyList<MatrixScenario> scenarios, Action prepared)
    {
        foreach (var (name, _) in clients)
        {
            foreach (var model in scenarios.Where(scenario => scenario.Spent).Select(scenario => scenario.Model).Distinct())
            {
                await gateway.SpendAsync(name, model);
            }
        }

        prepared();
        using var places = new SemaphoreSlim(AtOnce);
        var outcomes = await Task.WhenAll(
            from client in clients
            from scenario in scenarios
            select PlayAsync(gateway, client.Name, client.Playing, scenario, places));
        foreach (var (cell, outcome) in outcomes)
        {
            _outcomes.Add(cell, outcome);
        }
    }

    private async Task<((string Client, string Scenario) Cell, MatrixOutcome Outcome)> PlayAsync(
        MatrixGateway gateway, string name, IMatrixClient client, MatrixScenario scenario, SemaphoreSlim places)
    {
        await places.WaitAsync();
        try
        {
            var call = new MatrixCall(scenario, name, gateway.Url, await gateway.NewKeyAsync(scenario, name));
            return ((name, scenario.Name), await PlayAsync(gateway, call, client));
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<MatrixOutcome> PlayAsync(MatrixGateway gateway, MatrixCall call, IMatrixClient client)
    {
        using var patience = new CancellationTokenSource(MatrixOutcomes.AreWritten ? Unknown : Ending);
        var playing = client.PlayAsync(call, patience.Token);
        if (!MatrixOutcomes.AreWritten && MatrixOutcomes.Read()[call.Scenario.Name][call.Client].End is ("asleep" or "trying") and var endless)
        {
            var answers = endless is "asleep" ? 1 : 2;
            await Eventually.TrueAsync(() => Task.FromResult(playing.IsCompleted || gateway.Statuses(call.Secret).Count >= answers));
            patience.CancelAfter(Endless);
        }

        var (seen, statuses) = (await playing, gateway.Statuses(call.Secret));
        if (statuses.Contains(503))
        {
            _unavailable.Enqueue($"{call.Client}, {call.Scenario.Name}: {string.Join(' ', statuses)}. {seen.Error?.Message}");
        }

        return MatrixOutcome.Of(call, seen, statuses);
    }
}
