using System.Security.Cryptography;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Inference.Request;

/// <summary>
/// A request as the caller wrote it, with the few facts that we act on. The bytes stay the caller's:
/// what goes upstream is cut from them, never serialised anew.
/// </summary>
public abstract class RequestBody
{
    /// <summary>Arrays and objects inside one another, the body's own included.</summary>
    public const int MaxDepth = 64;

    public required Surface Surface { get; init; }

    /// <summary>
    /// The slug, as a string: escapes resolved, nothing else changed. The first of <see cref="Models"/> where the
    /// request has none.
    /// </summary>
    public required string Model { get; init; }

    /// <summary>
    /// The slugs to try in turn after <see cref="Model"/>, or, where the request names no model, from its first on; as
    /// strings.
    /// </summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Which upstreams it wants.</summary>
    public RoutePreference Routes { get; init; } = RoutePreference.None;

    /// <summary>Whether the model may call tools.</summary>
    public bool Tools { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Whether the caller asked for a usage chunk itself.</summary>
    public required bool UsageRequested { get; init; }

    /// <summary>The largest output ceiling that the request declares, in tokens; null where it declares none.</summary>
    public required long? OutputCeiling { get; init; }

    /// <summary>The member that declares <see cref="OutputCeiling"/>; null where the request declares none.</summary>
    public string? OutputCeilingName { get; init; }

    /// <summary>How many answers or images are asked for; 1 unless said.</summary>
    public required long N { get; init; }

    /// <summary>
    /// Bytes of all that may reach the model as text, as it is written, at least 1: messages, tools and whatever we do
    /// not know. Not counted are images sent as data URLs, numbers and flags, and what never reaches a model.
    /// </summary>
    public required long PromptBytes { get; init; }

    /// <summary>How many images the messages show to the model.</summary>
    public required int ImageInputs { get; init; }

    /// <summary>How many images are to be made; 0 where the surface makes none.</summary>
    public required int Images { get; init; }

    /// <summary>The size of the images to be made, as written; null where it is not said.</summary>
    public required string? ImageSize { get; init; }

    /// <summary>How many characters are to be spoken, as Unicode scalar values; 0 where none are.</summary>
    public required long Characters { get; init; }

    /// <summary>
    /// Whether the upstream adds what it has kept of earlier requests: the prompt is longer than what was sent.
    /// </summary>
    public required bool ReachesBack { get; init; }

    /// <summary>
    /// How long the sound is that is to be listened to, in seconds, rounded up; 0 where there is none. An upper
    /// estimate where it cannot be read.
    /// </summary>
    public long Seconds { get; init; }

    /// <summary>Whether the caller has set a ceiling on output that upstreams of the surface obey.</summary>
    public abstract bool HasCeiling { get; }

    /// <summary>
    /// Whether the answer is a stream of events in any case, so that it may begin before the upstream's does.
    /// </summary>
    public abstract bool MayBeginEarly { get; }

    /// <summary>Whether usage can only be read if we ask for it; then its chunk must be kept from the caller.</summary>
    public bool LacksUsage => Stream && !UsageRequested && Surface.AsksForUsage;

    /// <summary>What to send: the caller's bytes, but for the model and what has to be added.</summary>
    /// <param name="outputCeiling">In tokens; left out where the surface has no place for it.</param>
    /// <param name="flex">Whether it is sent as <c>:flex</c>.</param>
    /// <param name="imageSize">The size of images to ask for; null leaves the request as it is.</param>
    public abstract IUpstreamBody For(string upstreamModel, long? outputCeiling, bool flex, string? imageSize = null);

    /// <summary>Adds what makes the request this one and no other.</summary>
    public abstract ValueTask FingerprintAsync(IncrementalHash hash, CancellationToken cancellation);
}
