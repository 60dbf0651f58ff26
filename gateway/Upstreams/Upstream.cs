using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Upstreams;

/// <summary>A provider endpoint that serves models, and how it wants to be called.</summary>
/// <param name="BaseUrl">Absolute, without a trailing slash, e.g. <c>https://api.example.com/v1</c>.</param>
/// <param name="ApiKey">Sent as <see cref="Auth"/> says; never logged or shown.</param>
/// <param name="Ready">False while the setting with its key is missing: it is then never called.</param>
public sealed record Upstream(string Name, Uri BaseUrl, string? ApiKey, bool Ready)
{
    /// <summary>The partition of the ledger in which its key's limits are counted.</summary>
    public string Partition { get; private init; } = QuotaLeases.PartitionOf(Name, ApiKey);

    /// <summary>
    /// The provider's account that its key belongs to: upstreams of one account share its limits. Null for its own.
    /// </summary>
    public string? Account
    {
        get;
        init
        {
            field = value;
            Partition = value is null ? QuotaLeases.PartitionOf(Name, ApiKey) : QuotaLeases.PartitionOfAccount(value);
        }
    }

    /// <summary>
    /// Its key at its address, for what is known of their health and speed: another address begins anew.
    /// </summary>
    public string Place { get; } = QuotaLeases.PlaceOf(Name, ApiKey, BaseUrl);

    /// <summary>The preset that it was made from; null where the catalogue says all of it.</summary>
    public string? Preset { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Where its numbers come from.</summary>
    public IReadOnlyList<PlanSource> Sources { get; init; } = [];

    /// <summary>What its system asks for, and does at the end of what is free.</summary>
    public OfferTerms Offer { get; init; } = OfferTerms.Unknown;

    /// <summary>How models are named there, for people.</summary>
    public string? Naming { get; init; }

    public UpstreamAuth Auth { get; init; } = UpstreamAuth.Bearer;

    public IReadOnlyList<Surface> Surfaces { get; init; } = Surface.All;

    /// <summary>
    /// What its key may use of it, all of scope <see cref="LimitScope.Upstream"/>. Their models are named as the
    /// upstream names them; a limit that names several is shared by them. They have no conditions, and nothing
    /// overflows.
    /// </summary>
    public IReadOnlyList<PlanLimit> Limits { get; init; } = [];

    /// <summary>
    /// What its models take of compute units, models named as it names them; the first that matches counts.
    /// </summary>
    public IReadOnlyList<PlanRate> Rates { get; init; } = [];

    /// <summary>What has to be changed in a request before it understands it.</summary>
    public IReadOnlyList<BodyQuirk> Quirks { get; init; } = [];

    /// <summary>What its answers say of its limits.</summary>
    public IReadOnlyList<RateLimitHeaders> RateLimitHeaders { get; init; } = [];

    /// <summary>Where it lists its models, relative to the base URL; null where it does not.</summary>
    public string? ModelsPath { get; init; }

    /// <summary>Where it reports what its key has left, relative to the base URL; null where it does not.</summary>
    public string? KeyPath { get; init; }

    public bool Serves(Surface surface) => Surfaces.Contains(surface);

    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"{Name} at {BaseUrl}";
}

/// <summary>The header that carries an upstream's key.</summary>
/// <param name="Header">Its name, in lower case.</param>
/// <param name="Scheme">Stands before the key, e.g. <c>Bearer</c>; null where the key stands alone.</param>
public sealed record UpstreamAuth(string Header, string? Scheme)
{
    public static UpstreamAuth Bearer { get; } = new("authorization", "Bearer");

    public string Value(string key) => Scheme is null ? key : $"{Scheme} {key}";
}

/// <summary>
/// Members of a request that an upstream refuses, or knows by another name; only those of the body itself, not of what
/// is inside it.
/// </summary>
/// <param name="Surfaces">Those that it is for, all of JSON.</param>
/// <param name="Models">As the upstream names them.</param>
/// <param name="Drop">Left out of what is sent.</param>
/// <param name="Rename">From our name to the upstream's.</param>
public sealed record BodyQuirk(
    IReadOnlyList<Surface> Surfaces, ModelSet Models, IReadOnlyList<string> Drop, IReadOnlyDictionary<string, string> Rename)
{
    public bool IsFor(Surface surface, string upstreamModel) => Surfaces.Contains(surface) && Models.Contains(upstreamModel);
}

/// <summary>
/// The headers by which an upstream's answers tell of one limit; names in lower case, null for one that is not sent.
/// </summary>
/// <param name="Window">Null where the same headers tell of whichever limit is nearest: the amount then says which
///     one.</param>
/// <param name="Limit">The amount.</param>
/// <param name="Remaining">What is left of it.</param>
/// <param name="Reset">When it is whole again, written as <paramref name="ResetForm"/> says.</param>
public sealed record RateLimitHeaders(LimitUnit Unit, LimitWindow? Window, string? Limit, string? Remaining, string? Reset, ResetForm? ResetForm);
