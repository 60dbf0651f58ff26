using Freeway.Gateway.Keys;

namespace Freeway.Runner.Local;

/// <summary>The org and the key that a first caller can use at once.</summary>
internal static class DemoSeed
{
    private static readonly Org Demo = new("demo", "Demo");

    /// <summary>Changes nothing that is there: plan, flags and switches stay as they were set.</summary>
    public static async Task WriteAsync(IKeyStore keys, IOrgStore orgs, string secret, CancellationToken cancellation)
    {
        var hash = KeyHash.Of(secret);
        if (await keys.FindAsync(hash, cancellation) is null)
        {
            var org = await orgs.FindAsync(Demo.Id, cancellation) ?? Demo;
            await keys.SaveAsync(hash, new Caller(org, new ApiKey("demo-key", org.Id, "Demo key")), cancellation);
        }
    }
}
