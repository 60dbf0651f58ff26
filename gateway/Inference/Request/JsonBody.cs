using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference.Request;

/// <summary>A request in JSON, in memory as a whole.</summary>
public sealed class JsonBody : RequestBody
{
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

    internal JsonBody(ReadOnlyMemory<byte> json, RequestLayout layout)
    {
        _json = json;
        _layout = layout;
    }

    /// <summary>The size in bytes, without a byte order mark.</summary>
    public int Bytes => _json.Length;

    public override bool HasCeiling => _layout.HasCeiling;

    public override bool MayBeginEarly => Stream;

    /// <summary>
    /// Reads the whole body once. It keeps the memory: that must not change while the body is in use.
    /// </summary>
    public static Result<JsonBody> Parse(ReadOnlyMemory<byte> json, Surface surface)
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
    /// The bytes to send: the caller's, but for the model and what is for us alone, the tier of <c>:flex</c>, the request
    /// for usage where <see cref="RequestBody.LacksUsage"/>, and the ceiling on output where the caller set none that
    /// upstreams obey.
    /// </summary>
    /// <param name="outputCeiling">In tokens; left out where the surface has no place for it.</param>
    /// <param name="flex">Whether it is sent as <c>:flex</c>.</param>
    /// <param name="imageSize">The size of images to ask for where the caller named none.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> Rewrite(
        string upstreamModel, bool injectUsage, long? outputCeiling = null, bool flex = false, string? imageSize = null)
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

        if (imageSize is not null)
        {
            splices.Add(SizeSplice(imageSize));
        }

        return Splice.Apply(_json, splices);
    }

    public override IUpstreamBody For(string upstreamModel, long? outputCeiling, bool flex, string? imageSize = null) =>
        new JsonPieces(Rewrite(upstreamModel, LacksUsage, outputCeiling, flex, imageSize));

    public override ValueTask FingerprintAsync(IncrementalHash hash, CancellationToken cancellation)
    {
        hash.AppendData(_json.Span);
        return ValueTask.CompletedTask;
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

    private Splice SizeSplice(string size) => _layout.NullSize is { } nothing
        ? new(nothing, Quote(size))
        : new(_layout.Close.._layout.Close, (byte[])[.. ",\"size\":"u8, .. Quote(size)]);

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

/// <summary>Where in the body the values stand that may be rewritten.</summary>
internal readonly record struct RequestLayout
{
    /// <summary>
    /// The model's value, quotes included; where the request has none, the whole member <c>models</c>.
    /// </summary>
    public required Range Model { get; init; }

    /// <summary>
    /// Whether the request names its model in <c>models</c> alone, so that <see cref="Model"/> has no member of its own
    /// yet.
    /// </summary>
    public bool LacksModel { get; init; }

    /// <summary>
    /// What is for us alone and has to be taken out, each with a comma that goes with it; in order, apart.
    /// </summary>
    public IReadOnlyList<Range> Cuts { get; init; }

    /// <summary>The value of <c>service_tier</c>, where there is one.</summary>
    public Range? ServiceTier { get; init; }

    /// <summary>The whole body's closing brace.</summary>
    public required int Close { get; init; }

    /// <summary>The value of <c>stream_options</c>, where there is one: an object or null.</summary>
    public Range? StreamOptions { get; init; }

    /// <summary>Just behind the opening brace of <c>stream_options</c>, where it is an object.</summary>
    public int? StreamOptionsOpen { get; init; }

    public bool StreamOptionsEmpty { get; init; }

    /// <summary>The value of <c>stream_options.include_usage</c>, where there is one.</summary>
    public Range? IncludeUsage { get; init; }

    /// <summary>Whether the request holds a ceiling that upstreams obey.</summary>
    public bool HasCeiling { get; init; }

    /// <summary>The value of <c>size</c>, where it is written as null.</summary>
    public Range? NullSize { get; init; }

    /// <summary>Such a ceiling's value, where it is written as null.</summary>
    public Range? NullCeiling { get; init; }
}

/// <summary>One place of a body that is replaced, or, where the range is empty, filled in.</summary>
internal readonly record struct Splice(Range At, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// The body in pieces: its own memory around the splices, which do not overlap. Of two at one place the one that is
    /// named first comes first.
    /// </summary>
    public static ReadOnlyMemory<byte>[] Apply(ReadOnlyMemory<byte> body, params IReadOnlyList<Splice> splices)
    {
        var pieces = new ReadOnlyMemory<byte>[(splices.Count * 2) + 1];
        var (piece, rest) = (0, 0);
        foreach (var splice in splices.OrderBy(splice => splice.At.Start.Value))
        {
            pieces[piece++] = body[rest..splice.At.Start.Value];
            pieces[piece++] = splice.Bytes;
            rest = splice.At.End.Value;
        }

        pieces[piece] = body[rest..];
        return pieces;
    }
}
