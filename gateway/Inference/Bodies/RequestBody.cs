using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>
/// A request as the caller wrote it, with the few facts that we act on. The bytes stay the caller's:
/// what goes upstream is cut from them, never serialised anew.
/// </summary>
public sealed class RequestBody
{
    /// <summary>Arrays and objects inside one another, the body's own included.</summary>
    public const int MaxDepth = 64;

    private static readonly byte[] UsageObject = """{"include_usage":true}"""u8.ToArray();
    private static readonly byte[] UsageMember = ""","stream_options":{"include_usage":true}"""u8.ToArray();
    private static readonly byte[] UsageFirst = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] UsageAlone = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] FlexTier = "\"flex\""u8.ToArray();
    private static readonly byte[] FlexMember = ",\"service_tier\":\"flex\""u8.ToArray();
    private static readonly byte[] ModelName = "\"model\":"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    private readonly ReadOnlyMemory<byte> _json;
    private readonly RequestLayout _layout;

    internal RequestBody(ReadOnlyMemory<byte> json, RequestLayout layout)
    {
        _json = json;
        _layout = layout;
    }

    public required Surface Surface { get; init; }

    /// <summary>The slug, as a string: escapes resolved, nothing else changed. The first of <see cref="Models"/> where the request has none.</summary>
    public required string Model { get; init; }

    /// <summary>The slugs to try in turn after <see cref="Model"/>, or, where the request names no model, from its first on; as strings.</summary>
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

    /// <summary>How many answers or images are asked for; 1 unless said.</summary>
    public required long N { get; init; }

    /// <summary>
    /// Bytes of all that may reach the model as text, as it is written, at least 1: messages, tools and whatever we do not
    /// know. Not counted are images sent as data URLs, numbers and flags, and what never reaches a model.
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

    /// <summary>Whether the upstream adds what it has kept of earlier requests: the prompt is longer than what was sent.</summary>
    public required bool ReachesBack { get; init; }

    /// <summary>Whether the caller has set a ceiling on output that upstreams of the surface obey.</summary>
    public bool HasCeiling => _layout.HasCeiling;

    /// <summary>The size in bytes, without a byte order mark.</summary>
    public int Bytes => _json.Length;

    /// <summary>As the caller wrote it, without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>Whether usage can only be read if we ask for it; then its chunk must be kept from the caller.</summary>
    public bool LacksUsage => Stream && !UsageRequested && Surface.AsksForUsage;

    /// <summary>Reads the whole body once. It keeps the memory: that must not change while the body is in use.</summary>
    public static Decision<RequestBody> Parse(ReadOnlyMemory<byte> json, Surface surface)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        if (!Utf8.IsValid(json.Span))
        {
            return Refuse.InvalidJson("it is not UTF-8, or a character of it was cut in half.");
        }

        try
        {
            return new RequestScan(json, surface).Run();
        }
        catch (JsonException malformed)
        {
            return Refuse.InvalidJson($"it cannot be read at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            return Refuse.InvalidJson("an escape such as \\ud83d stands alone; it needs its other half.");
        }
    }

    /// <summary>
    /// The bytes to send: the caller's, but for the model and what is for us alone, the tier of <c>:flex</c>, the wish for usage where <see cref="LacksUsage"/>, and the
    /// ceiling on output where the caller set none that upstreams obey.
    /// </summary>
    /// <param name="outputCeiling">In tokens; left out where the surface has no place for it.</param>
    /// <param name="flex">Whether it is sent as <c>:flex</c>.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> Rewrite(string upstreamModel, bool injectUsage, long? outputCeiling = null, bool flex = false)
    {
        var splices = new List<Splice>(5) { ModelSplice(upstreamModel) };
        splices.AddRange(_layout.Cuts.Select(cut => new Splice(cut, default)));

        if (flex)
        {
            splices.Add(_layout.ServiceTier is { } tier ? new Splice(tier, FlexTier) : new Splice(_layout.Close.._layout.Close, FlexMember));
        }

        if (injectUsage && LacksUsage)
        {
            splices.Add(UsageSplice());
        }

        if (outputCeiling is { } ceiling && Surface.Ceiling is { } member && !_layout.HasCeiling)
        {
            splices.Add(CeilingSplice(member, Math.Min(ceiling, OutputCeiling ?? ceiling)));
        }

        return Splice.Apply(_json, splices);
    }

    private Splice ModelSplice(string upstreamModel) => new(
        _layout.Model,
        _layout.LacksModel ? (byte[])[.. ModelName, .. Quote(upstreamModel)]
        : upstreamModel == Model ? _json[_layout.Model]
        : Quote(upstreamModel));

    private Splice CeilingSplice(RequestField member, long ceiling)
    {
        var number = ceiling.ToString(CultureInfo.InvariantCulture);
        return _layout.NullCeiling is { } nothing
            ? new(nothing, Encoding.UTF8.GetBytes(number))
            : new(_layout.Close.._layout.Close, Encoding.UTF8.GetBytes($",\"{RequestShape.NameOf(member, Surface)}\":{number}"));
    }

    private Splice UsageSplice() => _layout switch
    {
        { IncludeUsage: { } written } => new(written, True),
        { StreamOptions: null } => new(_layout.Close.._layout.Close, UsageMember),
        { StreamOptions: { } nothing, StreamOptionsOpen: null } => new(nothing, UsageObject),
        { StreamOptionsOpen: { } open } => new(open..open, _layout.StreamOptionsEmpty ? UsageAlone : UsageFirst),
    };

    private static byte[] Quote(string model) =>
        [(byte)'"', .. JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];
}
