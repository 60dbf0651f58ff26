using System.Text;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.World;

/// <summary>Those who send requests and buy credit: they leave, send the same again, and come back elsewhere.</summary>
public sealed class Callers(SimWorld world)
{
    private readonly SimProcess _clients = new(world.Scheduler, "clients");
    private readonly List<SimRequest> _requests = [];
    private readonly Dictionary<string, TimeSpan> _bought = [];

    public IReadOnlyList<SimRequest> Requests => _requests;

    /// <summary>What one purchase is of: enough for some paid requests, so that accounts run dry now and then.</summary>
    private const long PurchaseNanos = 1_500_000;

    /// <summary>What buyers were told that they have bought, in nano-dollars.</summary>
    public long BoughtNanos => _bought.Count * PurchaseNanos;

    /// <summary>A power cut has lost what was written since a moment: purchases that were confirmed since may be gone.</summary>
    public void ForgetPurchases(TimeSpan from) =>
        _bought.Where(one => one.Value >= from).Select(one => one.Key).ToList().ForEach(id => _bought.Remove(id));

    /// <summary>How many have requests left to send.</summary>
    public int Left { get; private set; }

    public void Start()
    {
        var callers = Math.Min(world.Plan.Callers, world.Scheduler.Chance.Next(2, 13));
        Left = callers;
        for (var caller = 0; caller < callers; caller++)
        {
            var (org, requests) = (world.Scheduler.Happens(0.8) ? "acme" : "zeta", Math.Min(world.Plan.RequestsEach, world.Scheduler.Chance.Next(10, 120)));
            _clients.Start(() => CallAsync(org, requests), error =>
            {
                Left--;
                world.Failed(error);
            });
        }

        for (var purchase = 0; purchase < world.Plan.TopUps; purchase++)
        {
            var id = $"purchase-{purchase}";
            _clients.Start(() => BuyAsync(id), world.Failed);
        }
    }

    private async Task CallAsync(string org, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await world.WaitAsync(_clients, world.Scheduler.Between(0, 3000));
            var body = Encoding.UTF8.GetBytes(SimCatalogue.Request(world.Scheduler.Chance));
            var key = world.Scheduler.Happens(world.Plan.CallerRepeats) ? world.NextId() : null;
            if (key is not null && world.Scheduler.Happens(0.3))
            {
                // Twice at once, as a client does whose connection is slow.
                await Task.WhenAll(SendAsync(org, body, key), SendAsync(org, body, key));
            }

            for (var again = 0; again is 0 || (key is not null && again < 3 && world.Scheduler.Happens(0.5)); again++)
            {
                await SendAsync(org, body, key);
            }
        }
    }

    private async Task SendAsync(string org, byte[] body, string? key)
    {
        if (world.AnyInstance() is not { } instance)
        {
            return;
        }

        var exchange = new SimExchange(world.Scheduler, instance.Process, world.NextId(), org, body, key, reads: !world.Scheduler.Happens(world.Plan.CallerLeaves / 4));
        var request = new SimRequest(org, exchange, key) { SentAt = world.Scheduler.Now };
        _requests.Add(request);
        var answered = new TaskCompletionSource();
        instance.Process.Start(() => instance.Pipeline.RunAsync(exchange), error =>
        {
            request.EndedAt = world.Scheduler.Now;
            // A caller who has left is told nothing.
            request.HasLeft = error is OperationCanceledException && exchange.CallerGone.IsCancellationRequested;
            request.Error = request.HasLeft ? null : error;
            world.Scheduler.Enqueue(new Step(_clients, () => answered.TrySetResult(), IsEvent: true));
        });
        instance.WhenKilled(() =>
        {
            if (!request.Ended)
            {
                request.WasKilled = true;
                world.Scheduler.Enqueue(new Step(_clients, () => answered.TrySetResult(), IsEvent: true));
            }
        });
        // A caller whose connection no longer answers gives up some day; a frozen instance hears of it when it goes on.
        var patience = world.Scheduler.Happens(world.Plan.CallerLeaves) ? world.Scheduler.Between(1, 5000) : TimeSpan.FromSeconds(90);
        world.Scheduler.After(patience, instance.Process, exchange.Leave);
        world.Scheduler.After(patience, _clients, () => answered.TrySetResult());
        await answered.Task;
        world.Scheduler.Note("clients", $"{exchange.RequestId} of {org} at {instance.Process.Name}: {request}");
    }

    private async Task BuyAsync(string id)
    {
        await world.WaitAsync(_clients, world.Scheduler.Between(0, 60_000));
        for (var tries = 0; tries < 20; tries++)
        {
            if (world.AnyInstance() is { } instance)
            {
                var done = new TaskCompletionSource<bool>();
                instance.Process.Start(
                    async () =>
                    {
                        var purchase = new Purchase(id, PurchaseNanos, instance.Clock.GetUtcNow());
                        var bought = (await instance.Ledger.TopUpAsync("acme", purchase, default)).Accepted(out _, out _);
                        world.Scheduler.Enqueue(new Step(_clients, () => done.TrySetResult(bought), IsEvent: true));
                    },
                    error => world.Scheduler.Enqueue(new Step(_clients, () => done.TrySetResult(error is null), IsEvent: true)));
                instance.WhenKilled(() => world.Scheduler.Enqueue(new Step(_clients, () => done.TrySetResult(false), IsEvent: true)));
                if (await done.Task)
                {
                    _bought[id] = world.Scheduler.Now;
                    return;
                }
            }

            await world.WaitAsync(_clients, world.Scheduler.Between(100, 5000));
        }
    }
}
