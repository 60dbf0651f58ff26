using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Tests.Identity;

/// <summary>End users of a deployment whose salt is among its settings.</summary>
public static class TestEndUsers
{
    public const string Salt = "a salt of the tests alone";

    public static EndUsers Create(IEndUserSaltStore? store = null) =>
        new(store ?? new Nowhere(), new EndUserOptions { Salt = store is null ? Salt : null });

    private sealed class Nowhere : IEndUserSaltStore
    {
        public Task<byte[]> GetOrAddAsync(byte[] proposed, CancellationToken cancellation) =>
            throw new InvalidOperationException("The salt is among the settings.");
    }
}
