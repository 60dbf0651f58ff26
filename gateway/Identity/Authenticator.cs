using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>The first stage: who calls, and may they.</summary>
public sealed class Authenticator(IKeyStore keys, BootstrapKey settings, TimeProvider clock)
{
    /// <param name="secret">The key as the caller sent it, or null.</param>
    /// <param name="waits">What the look-up may take.</param>
    /// <param name="cancellation">Fires when the caller goes away.</param>
    public async Task<Result<Caller>> AuthenticateAsync(
        string? secret, WaitBudget waits, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return Refuse.InvalidApiKey(missing: true);
        }

        if (KeySecret.TypeOf(secret) is KeyType.Management)
        {
            return Refuse.NeedsApiKey();
        }

        if (KeySecret.IsMistyped(secret))
        {
            return Refuse.InvalidApiKey(missing: false);
        }

        Caller? caller;
        try
        {
            var hash = KeyHash.Of(secret);
            caller = keys.Remembered(hash)
                ?? await waits.SpendAsync(limit => keys.FindAsync(hash, limit), cancellation);
        }
        catch (IOException)
        {
            return Refuse.KeysUnavailable();
        }

        return caller switch
        {
            null when settings.Is(secret) => Refuse.NeedsApiKey(),
            null => Refuse.InvalidApiKey(missing: false),
            { Key.ExpiresAt: { } end } when end <= clock.GetUtcNow() => Refuse.InvalidApiKey(missing: false),
            { Key.Disabled: true } => Refuse.KeyDisabled(),
            { Org.Disabled: true } => Refuse.OrgDisabled(),
            _ => caller,
        };
    }
}

/// <summary>The caller: the key that was presented and the organisation that it belongs to.</summary>
public sealed record Caller(Org Org, ApiKey Key)
{
    /// <summary>The end user whom the request names; null where it names none.</summary>
    public EndUser? EndUser { get; init; }
}
