using System.Security.Cryptography;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Inference.Request;

/// <summary>
/// Is a request as the caller wrote it, with the few facts that we act on. The bytes stay the caller's: what goes
/// upstream is cut from them, never serialised anew.
/// </summary>
public abstract class RequestBody
{
    /// <summary>Bounds how deep arrays and objects may be nested, the body itself included.</summary>
    public const int MaxDepth = 64;

    public required Surface Surface { get; init; }

    /// <summary>
    /// Gets the slug, as a string: escapes resolved, nothing else changed. The first of <see cref="Models"/> where the
    /// request has none.
    /// </summary>
    public required string Model { get; init; }

    /// <summary>
    /// Gets the slugs to try in turn after <see cref="Model"/>, or, where the request names no model, from its first
    /// on; as strings.
    /// </summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Gets which upstreams the caller wants.</summary>
    public RoutePreference Routes { get; init; } = RoutePreference.None;

    /// <summary>Gets whether the model may call tools.</summary>
    public bool Tools { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Gets whether the caller asked for a usage chunk itself.</summary>
    public required bool UsageRequested { get; init; }

    /// <summary>Gets the largest output ceiling that is declared, in tokens; null where none is.</summary>
    public required long? OutputCeiling { get; init; }

    /// <summary>Gets the member that declares <see cref="OutputCeiling"/>; null where none is declared.</summary>
    public string? OutputCeilingName { get; init; }

    /// <summary>Gets the number of answers or images to make; 1 unless said.</summary>
    public required long N { get; init; }

    /// <summary>
    /// Gets the bytes of all that may reach the model as text, as it is written, at least 1: messages, tools and
    /// whatever we do not know. Not counted are images sent as data URLs, numbers and flags, and what never reaches a
    /// model.
    /// </summary>
    public required long PromptBytes { get; init; }

    /// <summary>Gets the number of images that the messages show to the model.</summary>
    public required int ImageInputs { get; init; }

    /// <summary>Gets the number of images to make; 0 where the surface makes none.</summary>
    public required int Images { get; init; }

    /// <summary>Gets the size of the images to make, as written; null where it is not said.</summary>
    public required string? ImageSize { get; init; }

    /// <summary>Gets the number of characters to speak, as Unicode scalar values; 0 where none are.</summary>
    public required long Characters { get; init; }

    /// <summary>
    /// Gets whether the upstream adds what it has kept of earlier requests: the prompt is longer than what was sent.
    /// </summary>
    public required bool ReachesBack { get; init; }

    /// <summary>
    /// Gets how long the sound to listen to is, in seconds, rounded up; 0 where there is none. The number is an upper
    /// estimate where the sound cannot be read.
    /// </summary>
    public long Seconds { get; init; }

    /// <summary>
    /// Gets the id of the end user: <c>safety_identifier</c>, else <c>user</c>; null where neither is a string with
    /// something in it.
    /// </summary>
    public string? EndUser { get; init; }

    /// <summary>Gets whether the caller has set a ceiling on output that upstreams of the surface obey.</summary>
    public abstract bool HasCeiling { get; }

    /// <summary>
    /// Gets whether the answer is a stream of events in any case, so that it may begin before the upstream's does.
    /// </summary>
    public abstract bool MayBeginEarly { get; }

    /// <summary>Gets whether we have to ask for usage; its chunk is then kept from the caller.</summary>
    public bool LacksUsage => Stream && !UsageRequested && Surface.AsksForUsage;

    /// <summary>Gets the tokens of the prompt's text; null where nobody has counted them, or nobody can.</summary>
    public long? PromptTokens { get; private set; }

    /// <summary>
    /// Counts the tokens of the prompt's text, once, however many models it is estimated for. Null where the prompt is
    /// no text that can be read.
    /// </summary>
    public long? CountPrompt(ITokenizer tokenizer) => PromptTokens ??= Count(tokenizer);

    /// <summary>Makes what is sent: the caller's bytes, but for the model and what has to be added.</summary>
    /// <param name="outputCeiling">
    /// The ceiling to add, in tokens; left out where the surface has no place for it.
    /// </param>
    /// <param name="flex">Whether the request is sent as <c>:flex</c>.</param>
    /// <param name="imageSize">The size of images to ask for; null leaves the request as it is.</param>
    public abstract IUpstreamBody For(string upstreamModel, long? outputCeiling, bool flex, string? imageSize = null);

    /// <summary>Adds to a hash what makes the request this one and no other.</summary>
    public abstract ValueTask FingerprintAsync(IncrementalHash hash, CancellationToken cancellation);

    /// <summary>Counts the tokens of the prompt's text; null where it is no text that can be read.</summary>
    protected virtual long? Count(ITokenizer tokenizer) => null;
}
