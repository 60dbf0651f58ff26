using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>The person behind an organisation's app whom a request names.</summary>
/// <param name="RowsPerDay">
/// How many counters the organisation may begin for end users in a UTC day, see <see cref="EndUserOptions"/>.
/// </param>
public sealed record EndUser(EndUserId Id, long RowsPerDay);

/// <summary>
/// Names an end user by a hash, which is all that is kept of the id that a request gave: <c>eu_</c> and 32 lower-case
/// hex digits.
/// </summary>
public readonly record struct EndUserId(string Hash)
{
    private const string Prefix = "eu_";
    private const int Bytes = 16;
    private const int Length = 3 + (2 * Bytes);
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Hashes an id for one organisation: the same id has another hash in another organisation.</summary>
    /// <param name="salt">The deployment's, at least 16 bytes.</param>
    public static EndUserId Of(string org, string id, ReadOnlySpan<byte> salt)
    {
        // No id of an org has a line break in it.
        var hash = HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes($"{org}\n{id}"));
        return new(Prefix + Convert.ToHexStringLower(hash.AsSpan(0, Bytes)));
    }

    /// <summary>Tells whether a text is such a hash.</summary>
    public static bool IsHash(string text) => text.Length is Length && StartsWithHash(text);

    /// <summary>
    /// Tells whether the subject of a quota is an end user: the hash, or the hash, a space and a model's id.
    /// </summary>
    public static bool IsSubject(string subject) =>
        StartsWithHash(subject) && (subject.Length is Length || subject[Length] is ' ');

    public override string ToString() => Hash;

    private static bool StartsWithHash(string text) =>
        text.Length >= Length
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && !text.AsSpan(Prefix.Length, 2 * Bytes).ContainsAnyExcept(Digits);
}

/// <summary>Configures how end users are named and counted.</summary>
public sealed class EndUserOptions
{
    /// <summary>The fewest characters of a salt.</summary>
    public const int LeastSalt = 16;

    /// <summary>
    /// The secret that the ids of end users are hashed with, the same on every instance; at least 16 characters. Where
    /// it is empty, one is made at the first use and kept in the table of keys. Another salt makes every end user a new
    /// one.
    /// </summary>
    public string? Salt { get; set; }

    /// <summary>
    /// The number of counters that an organisation may begin for end users in a UTC day: one for each limit of each end
    /// user, and for each model where a limit counts by model. End users whose counters exist are served beyond it. 1
    /// to 10,000,000.
    /// </summary>
    public int RowsPerDay { get; set; } = 100_000;
}

/// <summary>Hashes the ids of end users with the deployment's salt, which is looked up once.</summary>
public sealed class EndUsers(IEndUserSaltStore store, EndUserOptions options)
{
    private const int SaltBytes = 32;

    private readonly AsyncLock _turn = new();
    private volatile byte[]? _salt = options.Salt is { Length: > 0 } given ? Encoding.UTF8.GetBytes(given) : null;

    /// <summary>Finds the end user of a request.</summary>
    /// <param name="id">The id as the request gives it, which is forgotten.</param>
    /// <exception cref="IOException">The salt is not known yet, and its store is out of reach.</exception>
    public async ValueTask<EndUser> FindAsync(string org, string id, CancellationToken cancellation) =>
        new(EndUserId.Of(org, id, await SaltAsync(cancellation)), options.RowsPerDay);

    /// <summary>Finds the end user whom somebody looks for.</summary>
    /// <param name="idOrHash">The id, or its hash as records have it.</param>
    /// <exception cref="IOException">The salt is not known yet, and its store is out of reach.</exception>
    public ValueTask<EndUser> LookUpAsync(string org, string idOrHash, CancellationToken cancellation) =>
        EndUserId.IsHash(idOrHash)
            ? new(new EndUser(new EndUserId(idOrHash), options.RowsPerDay))
            : FindAsync(org, idOrHash, cancellation);

    /// <summary>Adds to a caller the end user whom it asks about.</summary>
    /// <param name="idOrHash">The id, or its hash as records have it; null for nobody.</param>
    /// <exception cref="IOException">The salt is not known yet, and its store is out of reach.</exception>
    public async ValueTask<Caller> LookUpAsync(Caller caller, string? idOrHash, CancellationToken cancellation) =>
        idOrHash is null
            ? caller
            : caller with { EndUser = await LookUpAsync(caller.Org.Id, idOrHash, cancellation) };

    private async ValueTask<byte[]> SaltAsync(CancellationToken cancellation)
    {
        if (_salt is { } known)
        {
            return known;
        }

        using (await _turn.EnterAsync(cancellation))
        {
            return _salt ??= await store.GetOrAddAsync(RandomNumberGenerator.GetBytes(SaltBytes), cancellation);
        }
    }
}

/// <summary>
/// Keeps the salt of a deployment that has none among its settings. It is written once and never changed. Outage
/// stance: it throws.
/// </summary>
public interface IEndUserSaltStore
{
    /// <summary>Reads the salt; where there is none yet, the proposed one becomes it.</summary>
    /// <returns>The same on every instance.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<byte[]> GetOrAddAsync(byte[] proposed, CancellationToken cancellation);
}
