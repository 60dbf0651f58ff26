using Freeway.Gateway.Keys;

namespace Freeway.Runner.Local;

/// <summary>The org and the key that a first caller can use at once.</summary>
internal static class DemoSeed
{
    private static readonly Org Demo = new("demo", "Demo");

    public static Task WriteAsync(IKeyStore keys, string secret, CancellationToken cancellation) =>
        keys.SaveAsync(KeyHash.Of(secret), new Caller(Demo, new ApiKey("demo-key", Demo.Id, "Demo key")), cancellation);
}
