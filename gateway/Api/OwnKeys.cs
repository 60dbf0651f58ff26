using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.SignUp;

namespace Freeway.Gateway.Api;

/// <summary>Lists, makes and revokes a person's own API keys, for the session in which the person is signed in.</summary>
public sealed class OwnKeyCommands(
    IDocumentStore documents, ApiKeyCommands keys, SignUpOptions options, TimeProvider clock)
{
    /// <summary>The keys that a person may ever make, those that were revoked included.</summary>
    private const int MostEver = 500;

    /// <summary>The keys that are there, without the session.</summary>
    public async Task<Result<Page<AdminKeyResponse>>> ListAsync(Caller caller, CancellationToken cancellation) =>
        caller.Key.ManagesKeys
            ? new Page<AdminKeyResponse>(
                [.. (await AllAsync(caller, cancellation)).Where(IsThere)
                    .Select(key => AdminKeyResponse.Of(key, clock.GetUtcNow()))],
                null)
            : NoSession();

    /// <summary>Makes a key, which shares the plan's limits with all others of the person.</summary>
    public async Task<Result<DocumentResult<AdminKeyResponse>>> CreateAsync(
        Caller caller, AdminCommand command, CancellationToken cancellation)
    {
        if (!caller.Key.ManagesKeys)
        {
            return NoSession();
        }

        if (Full(await AllAsync(caller, cancellation), 1) is { } full)
        {
            return full;
        }

        if (!(await keys.CreateAsync(command, caller.Org.Id, cancellation)).Accepted(out var made, out var refusal))
        {
            return refusal;
        }

        // Who makes a key looks again before the secret is told. Of several at once the last to look sees the keys of
        // all, so that never more than the bound are told.
        if (Full(await AllAsync(caller, cancellation), 0) is { } over)
        {
            var back = command with { Body = default, IdempotencyKey = null };
            await keys.DeleteAsync(back, caller.Org.Id, made.Value.Id, cancellation);
            return over;
        }

        return made;
    }

    /// <summary>Takes a key away, at once here and within 30 seconds elsewhere.</summary>
    public async Task<Result<CommandResult>> RevokeAsync(Caller caller, string id, CancellationToken cancellation)
    {
        if (!caller.Key.ManagesKeys)
        {
            return NoSession();
        }

        if (id is Registrations.SessionKey)
        {
            return Refuse.NotFound("key of this id, but your session: sign out to end it");
        }

        var command = new AdminCommand(PersonOf(caller), default, Precondition.Anything, null);
        return (await keys.DeleteAsync(command, caller.Org.Id, id, cancellation)).Accepted(out _, out var refusal)
            ? new CommandResult()
            : refusal;
    }

    /// <summary>Who a person is to the audit; no management key's id has a colon.</summary>
    public static Operator PersonOf(Caller caller) => new($"person:{caller.Org.Id}", new HashSet<AdminScope>());

    /// <summary>Refuses a key that makes requests and may do no more.</summary>
    internal static Refusal NoSession() => new(
        RefusalCode.WrongKeyType, "An API key cannot manage keys. Sign in on the dashboard, which can.");

    private async Task<IReadOnlyList<KeyDocument>> AllAsync(Caller caller, CancellationToken cancellation) =>
        [.. (await documents.ListAsync(SubjectKind.Key, caller.Org.Id, null, ListQuery.MaxLimit, cancellation))
            .Select(KeyDocuments.Key)];

    private Refusal? Full(IReadOnlyList<KeyDocument> all, int more) =>
        all.Count(IsThere) + more > options.KeysPerPerson
            ? Refuse.Conflict($"You have {options.KeysPerPerson} keys, which is as many as you may. Revoke one first.")
        : all.Count + more > MostEver
            ? Refuse.Conflict($"You have made {MostEver} keys. Ask the operator of this gateway for another.")
        : null;

    private static bool IsThere(KeyDocument key) =>
        key.Key.DeletedAt is null && key.Key.Id is not Registrations.SessionKey;
}
