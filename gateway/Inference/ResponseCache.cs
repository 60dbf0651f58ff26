using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Inference;

/// <summary>Configures the response cache. It holds nothing unless a plan has it and a request asks for it.</summary>
public sealed class ResponseCacheOptions
{
    /// <summary>The largest answer that one row of a table holds, in bytes.</summary>
    public const int MostBytes = 640 * 1024;

    /// <summary>The longest answer that is stored, in bytes. 1 KiB to 640 KiB.</summary>
    public int LongestAnswer { get; set; } = 256 * 1024;

    /// <summary>
    /// The number of answers that are kept for one API key; the oldest go first. Writers at once may go beyond it for a
    /// moment. 1 to 1000.
    /// </summary>
    public int AnswersPerKey { get; set; } = 500;
}

/// <summary>Says how a request asks for the response cache.</summary>
/// <param name="Refresh">Whether a stored answer is passed over, and replaced by the new one.</param>
/// <param name="MaxAge">The age beyond which a stored answer is passed over; null for as old as the plan allows.</param>
public sealed record CacheOptions(bool Refresh, TimeSpan? MaxAge);

/// <summary>Names what the response cache did for a request that asked for it.</summary>
public enum CacheResult
{
    /// <summary>The answer is a stored one. Nothing was taken for it.</summary>
    Hit,

    /// <summary>The answer is new, and is stored once it is whole.</summary>
    Miss,

    /// <summary>The answer is new, and longer than what is stored.</summary>
    TooLarge,

    /// <summary>The request is not one whose answers are stored: a form, or one that its answer tells of.</summary>
    Bypass,

    /// <summary>The plan has no response cache.</summary>
    Off,
}

/// <summary>
/// Finds and opens one stored answer. It is derived from the secret of the API key and from every byte that makes the
/// request this one and no other; neither is stored. So whoever reads the table can open no answer, and another secret
/// finds none.
/// </summary>
/// <param name="Id">64 lower-case hex digits: what the row is called.</param>
public sealed record ResponseKey(string Org, string KeyId, string Id)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _cipherKey = [];

    private ResponseKey(string org, string keyId, string id, byte[] cipherKey)
        : this(org, keyId, id) => _cipherKey = cipherKey;

    /// <summary>Derives the key of one request, as served by one candidate.</summary>
    internal static async ValueTask<ResponseKey> OfAsync(RequestContext request, Candidate candidate)
    {
        var (caller, model) = (request.Caller, candidate.Model);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(caller.Org.Id);
        Add(caller.Key.Id);
        Add(caller.EndUser?.Id.Hash ?? "");
        Add(request.Incoming.Surface.Path);
        Add(model.Id);
        Add(candidate.Slug.Variant.ToString());
        Add(string.Join(' ', model.Routes.Select(route => $"{route.Upstream}/{route.UpstreamModel}")));
        foreach (var (name, value) in request.Options.Passed.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            Add($"{name}: {value}");
        }

        // The body comes last: nothing that follows it can be taken for a part of it.
        await request.Body.FingerprintAsync(hash, request.CallerGone);
        var secret = Encoding.UTF8.GetBytes(request.Incoming.Secret ?? "");
        var made = hash.GetHashAndReset();
        var id = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, made, "freeway response id"u8.ToArray());
        var cipher = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, made, "freeway response cipher"u8.ToArray());
        return new ResponseKey(caller.Org.Id, caller.Key.Id, Convert.ToHexStringLower(id), cipher);

        void Add(string part)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    /// <summary>Encrypts an answer: nonce, tag, then as many bytes as it has.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> answer, StoredResponse about)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + answer.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_cipherKey, TagBytes);
        cipher.Encrypt(
            nonce, answer, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes),
            Facts(about));
        return sealedBytes;
    }

    /// <summary>Decrypts a stored answer; null where it is not, to the last bit, what was stored.</summary>
    internal byte[]? Open(StoredResponse stored)
    {
        if (stored.Content.Length <= NonceBytes + TagBytes)
        {
            return null;
        }

        var bytes = stored.Content.AsSpan();
        var answer = new byte[bytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_cipherKey, TagBytes);
        try
        {
            cipher.Decrypt(
                bytes[..NonceBytes], bytes[(NonceBytes + TagBytes)..], bytes.Slice(NonceBytes, TagBytes), answer,
                Facts(stored));
            return answer;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Facts(StoredResponse about) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{about.At.UtcTicks}\n{about.ExpiresAt.UtcTicks}\n{about.ContentType}\n{about.Upstream}"));
}

/// <summary>An answer as it is stored.</summary>
/// <param name="At">When it was stored.</param>
/// <param name="ExpiresAt">From when on it counts for nothing.</param>
/// <param name="Upstream">The upstream that it came from.</param>
/// <param name="Content">The answer, encrypted.</param>
public sealed record StoredResponse(
    DateTimeOffset At, DateTimeOffset ExpiresAt, string ContentType, string Upstream, byte[] Content);

/// <summary>
/// Keeps answers, each in one row, so that it is there as a whole or not at all. Outage stance: it throws; the request
/// is then served as if nothing were stored.
/// </summary>
public interface IResponseStore
{
    /// <summary>Reads a stored answer, expired or not; null where there is none.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<StoredResponse?> FindAsync(ResponseKey key, CancellationToken cancellation);

    /// <summary>
    /// Stores an answer in the place of an earlier one, and deletes what has expired of the API key's answers and the
    /// oldest beyond <paramref name="most"/>.
    /// </summary>
    /// <exception cref="IOException">The store is out of reach; the answer may have been stored.</exception>
    Task SaveAsync(ResponseKey key, StoredResponse response, int most, CancellationToken cancellation);

    /// <summary>Deletes all answers of an API key.</summary>
    /// <exception cref="IOException">The store is out of reach; some may have been deleted.</exception>
    Task DropAsync(string org, string keyId, CancellationToken cancellation);

    /// <summary>Deletes what has expired of all API keys.</summary>
    /// <returns>How many answers were deleted.</returns>
    /// <exception cref="IOException">The store is out of reach; some may have been deleted.</exception>
    Task<int> PurgeAsync(DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>Deletes expired answers once a day. They count for nothing before that, too.</summary>
public sealed class ResponseCleanup(IResponseStore store, DayClock clock) : IDayClosingStep
{
    public Task RunAsync(CancellationToken cancellation) =>
        store.PurgeAsync(clock.Calendar.GetUtcNow(), cancellation);
}
