using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>Knows management keys: the one of the settings by its hash, the others from the store.</summary>
/// <param name="apiKeys">Tells an API key without a prefix from a key that nobody knows.</param>
public sealed class OperatorAuthenticator(BootstrapKey first, IManagementKeyStore stored, IKeyStore apiKeys, TimeProvider clock)
{
    /// <param name="secret">The key as it was sent, or null.</param>
    /// <param name="scope">What it must have.</param>
    /// <param name="waits">What the look-up may take.</param>
    /// <param name="cancellation">Fires when the operator goes away.</param>
    public async Task<Result<Operator>> AuthenticateAsync(
        string? secret, AdminScope scope, WaitBudget waits, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (string.IsNullOrEmpty(secret))
        {
            return Refuse.InvalidApiKey(missing: true);
        }

        try
        {
            var found = first.Is(secret)
                ? Operator.OfSettings
                : await waits.SpendAsync(limit => FindAsync(secret, limit), cancellation);
            return !found.Accepted(out var known, out var refusal) ? refusal
                : known.May(scope) ? known
                : Refuse.InsufficientScope(scope.WireName());
        }
        catch (IOException)
        {
            return Refuse.KeysUnavailable(RefusalCode.StorageUnavailable);
        }
    }

    private async Task<Result<Operator>> FindAsync(string secret, CancellationToken cancellation)
    {
        var type = KeySecret.TypeOf(secret);
        if (type is KeyType.Api)
        {
            return Refuse.NeedsManagementKey();
        }

        if (KeySecret.IsMistyped(secret))
        {
            return Refuse.InvalidApiKey(missing: false);
        }

        var hash = KeyHash.Of(secret);
        return await stored.FindAsync(hash, cancellation) switch
        {
            null when type is null && await apiKeys.FindAsync(hash, cancellation) is not null => Refuse.NeedsManagementKey(),
            null or { DeletedAt: not null } => Refuse.InvalidApiKey(missing: false),
            { ExpiresAt: { } end } when end <= clock.GetUtcNow() => Refuse.InvalidApiKey(missing: false),
            { Disabled: true } => Refuse.KeyDisabled(),
            var key => new Operator(key.Id, key.Scopes.ToHashSet()),
        };
    }
}

/// <summary>
/// Management keys by their secrets. Outage stance: it throws, and nobody gets in but the holder of the settings' key.
/// </summary>
public interface IManagementKeyStore
{
    /// <summary>The key with this hash, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<ManagementKey?> FindAsync(KeyHash hash, CancellationToken cancellation);
}
