using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams;

/// <summary>Describes a provider's endpoint that serves models, and how it wants to be called.</summary>
/// <param name="BaseUrl">Absolute, without a trailing slash, e.g. <c>https://api.example.com/v1</c>.</param>
/// <param name="ApiKey">Sent as <see cref="Auth"/> says; never logged or shown.</param>
/// <param name="Ready">False while the setting with its key is missing: it is then never called.</param>
public sealed record Upstream(string Name, Uri BaseUrl, string? ApiKey, bool Ready)
{
    /// <summary>Identifies the API key, or the account it belongs to: limits are counted by it.</summary>
    public UpstreamKeyId KeyId { get; private init; } = UpstreamKeyId.Of(Name, ApiKey);

    /// <summary>
    /// The provider's account that the API key belongs to: upstreams of one account share its limits. Null for a key
    /// with limits of its own.
    /// </summary>
    public string? Account
    {
        get;
        init
        {
            field = value;
            KeyId = value is null ? UpstreamKeyId.Of(Name, ApiKey) : UpstreamKeyId.OfAccount(value);
        }
    }

    /// <summary>Identifies the API key at the base URL: health and speed are kept by it.</summary>
    public UpstreamEndpointId EndpointId { get; } = UpstreamEndpointId.Of(UpstreamKeyId.Of(Name, ApiKey), BaseUrl);

    /// <summary>The preset from which the upstream was made; null where the catalogue says all of it.</summary>
    public string? Preset { get; init; }

    /// <summary>A description for people.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the documents that the upstream's numbers come from.</summary>
    public IReadOnlyList<PlanSource> Sources { get; init; } = [];

    /// <summary>Gets the demands of the upstream's system, and what it does at the end of what is free.</summary>
    public OfferTerms Offer { get; init; } = OfferTerms.Unknown;

    /// <summary>
    /// Gets a description, for people, of the names that the upstream gives to models; null where there is none.
    /// </summary>
    public string? Naming { get; init; }

    public UpstreamAuth Auth { get; init; } = UpstreamAuth.Bearer;

    /// <summary>The surfaces that the upstream itself speaks.</summary>
    public IReadOnlyList<Surface> Surfaces { get; init; } = Surface.Usual;

    /// <summary>
    /// Gets the limits of the API key, all of scope <see cref="LimitScope.Upstream"/>. Their models are named as the
    /// upstream names them; a limit that names several is shared by them. They have no conditions, and nothing
    /// overflows.
    /// </summary>
    public IReadOnlyList<PlanLimit> Limits { get; init; } = [];

    /// <summary>
    /// Gets the rates at which models take compute units. Models are named as the upstream names them; the first rate
    /// that matches counts.
    /// </summary>
    public IReadOnlyList<PlanRate> Rates { get; init; } = [];

    /// <summary>Gets the changes that a request's body needs before the upstream understands it.</summary>
    public IReadOnlyList<BodyQuirk> Quirks { get; init; } = [];

    /// <summary>The headers by which answers say what is left of limits.</summary>
    public IReadOnlyList<RateLimitHeaders> RateLimitHeaders { get; init; } = [];

    /// <summary>
    /// Gets the path at which the upstream lists its models, relative to the base URL; null where it does not list
    /// them.
    /// </summary>
    public string? ModelsPath { get; init; }

    /// <summary>
    /// Gets the path at which the upstream reports what a key has left, relative to the base URL; null where it does
    /// not report it.
    /// </summary>
    public string? KeyPath { get; init; }

    /// <summary>Tells whether requests of a surface can be sent to this upstream, as they are or translated.</summary>
    public bool Serves(Surface surface) => surface.Among(Surfaces) is not null;

    /// <summary>Shows name and address, never the key.</summary>
    public override string ToString() => $"{Name} at {BaseUrl}";
}

/// <summary>Describes the header that carries an upstream's key.</summary>
/// <param name="Header">The header's name, in lower case.</param>
/// <param name="Scheme">The word before the key, e.g. <c>Bearer</c>; null where the key stands alone.</param>
public sealed record UpstreamAuth(string Header, string? Scheme)
{
    public static UpstreamAuth Bearer { get; } = new("authorization", "Bearer");

    public string Value(string key) => Scheme is null ? key : $"{Scheme} {key}";
}

/// <summary>
/// Names members of a request that an upstream refuses, or knows by another name. Only members of the body itself are
/// meant, not of objects inside it.
/// </summary>
/// <param name="Surfaces">The surfaces that the quirk is for, all of JSON.</param>
/// <param name="Models">The models that the quirk is for, as the upstream names them.</param>
/// <param name="Drop">Members that are not sent.</param>
/// <param name="Rename">From our name to the upstream's.</param>
public sealed record BodyQuirk(
    IReadOnlyList<Surface> Surfaces,
    ModelSet Models,
    IReadOnlyList<string> Drop,
    IReadOnlyDictionary<string, string> Rename)
{
    public bool IsFor(Surface surface, string upstreamModel) =>
        Surfaces.Contains(surface) && Models.Contains(upstreamModel);
}

/// <summary>
/// Names the headers by which answers speak of one limit; in lower case, null for one that is not sent.
/// </summary>
/// <param name="Window">
/// Null where the headers speak of whichever limit is nearest: the amount then says which one.
/// </param>
/// <param name="Limit">The header with the limit's amount.</param>
/// <param name="Remaining">The header with what is left.</param>
/// <param name="Reset">
/// The header with when the limit is whole again, written as <paramref name="ResetForm"/> says.
/// </param>
public sealed record RateLimitHeaders(
    LimitUnit Unit, LimitWindow? Window, string? Limit, string? Remaining, string? Reset, ResetForm? ResetForm);
