using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>Plays every scenario with every client, once for all tests that look at the outcomes.</summary>
public sealed class ClientMatrix : IAsyncLifetime
{
    /// <summary>The next minute is so near then that a client which waits for it can be waited for.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(56);

    private readonly Dictionary<(string Client, string Scenario), MatrixOutcome> _outcomes = [];

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
        var calls = new List<(MatrixCall Call, IMatrixClient Playing)>();
        foreach (var (name, playing) in clients)
        {
            foreach (var scenario in scenarios)
            {
                var secret = await gateway.NewKeyAsync(scenario, name);
                if (scenario.Spent)
                {
                    await gateway.SpendAsync(secret, scenario.Model);
                }

                calls.Add((new MatrixCall(scenario, name, gateway.Url, secret), playing));
            }
        }

        prepared();
        var outcomes = await Task.WhenAll(calls.Select(async pair => (pair.Call, Outcome: await PlayAsync(gateway, pair.Call, pair.Playing))));
        foreach (var (call, outcome) in outcomes)
        {
            _outcomes.Add((call.Client, call.Scenario.Name), outcome);
        }
    }

    private static async Task<MatrixOutcome> PlayAsync(MatrixGateway gateway, MatrixCall call, IMatrixClient client)
    {
        var seen = await client.PlayAsync(call);
        return MatrixOutcome.Of(call, seen, gateway.Statuses(call.Secret));
    }
}
