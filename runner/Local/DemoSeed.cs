using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Local;

/// <summary>The org, the key and the credit that a first caller can use at once.</summary>
internal static class DemoSeed
{
    private const long FiveDollars = 5_000_000_000;
    private static readonly Org Demo = new("demo", "Demo");

    /// <summary>Changes nothing that is there: plan, flags and switches stay as they were set, and the credit is given once.</summary>
    public static async Task WriteAsync(IServiceProvider services, string secret, CancellationToken cancellation)
    {
        var (keys, orgs) = (services.GetRequiredService<IKeyStore>(), services.GetRequiredService<IOrgStore>());
        var hash = KeyHash.Of(secret);
        if (await keys.FindAsync(hash, cancellation) is not null)
        {
            return;
        }

        var known = await orgs.FindAsync(Demo.Id, cancellation);
        await keys.SaveAsync(hash, new Caller(known ?? Demo, new ApiKey("demo-key", Demo.Id, "Demo key")), cancellation);
        var gift = new Purchase("demo-seed", FiveDollars, services.GetRequiredService<TimeProvider>().GetUtcNow());
        await services.GetRequiredService<TopUps>().TopUpAsync(Demo.Id, gift, PlanBook.PayAsYouGo.Purchases, cancellation);
    }
}
