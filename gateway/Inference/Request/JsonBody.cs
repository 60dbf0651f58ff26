using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference.Request;

/// <summary>Is a request in JSON, in memory as a whole.</summary>
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

    /// <summary>Gets the size in bytes, without a byte order mark.</summary>
    public int Bytes => _json.Length;

    public override bool HasCeiling => _layout.HasCeiling;

    public override bool MayBeginEarly => Stream;

    /// <summary>
    /// Reads the whole body once. The body keeps the memory, which must not change while it is in use.
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
            var (line, column) = (malformed.LineNumber + 1, malformed.BytePositionInLine + 1);
            return Refuse.InvalidJson($"it cannot be read at line {line}, byte {column}.");
        }
        catch (InvalidOperationException)
        {
            return Refuse.InvalidJson("an escape such as \\ud83d stands alone; it needs its other half.");
        }
    }

    /// <summary>
    /// Makes the bytes to send: the caller's, but for the model and what is for us alone, the tier of <c>:flex</c>, the
    /// flag that asks for usage where <see cref="RequestBody.LacksUsage"/>, and the ceiling on output where the caller
    /// set none that upstreams obey.
    /// </summary>
    /// <param name="outputCeiling">
    /// The ceiling to add, in tokens; left out where the surface has no place for it.
    /// </param>
    /// <param name="flex">Whether the request is sent as <c>:flex</c>.</param>
    /// <param name="imageSize">The size of images to ask for where the caller named none.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> Rewrite(
        string upstreamModel, bool injectUsage, long? outputCeiling = null, bool flex = false, string? imageSize = null)
    {
        var splices = new List<Splice>(5) { ModelSplice(upstreamModel) };
        splices.AddRange(_layout.Cuts.Select(cut => new Splice(cut, default)));

        if (flex)
        {
            splices.Add(_layout.ServiceTier is { } tier ? new Splice(tier, FlexTier) : Append(FlexMember));
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

    /// <inheritdoc/>
    protected override long? Count(ITokenizer tokenizer)
    {
        // The body has been read before, so that nothing can be wrong with it.
        var counter = new PromptTokenCounter(tokenizer, PromptBytes);
        _ = new RequestScan(_json, Surface, counter).Run();
        return counter.Tokens;
    }

    private Splice ModelSplice(string upstreamModel)
    {
        if (_layout.LacksModel)
        {
            return new(_layout.Model, (byte[])[.. ModelName, .. Quote(upstreamModel)]);
        }

        // The same name stays as it is written: its escapes may be others than ours.
        return new(_layout.Model, upstreamModel == Model ? _json[_layout.Model] : Quote(upstreamModel));
    }

    private Splice CeilingSplice(RequestField member, long ceiling)
    {
        var number = ceiling.ToString(CultureInfo.InvariantCulture);
        return _layout.NullCeiling is { } nothing
            ? new(nothing, Encoding.UTF8.GetBytes(number))
            : Append(Encoding.UTF8.GetBytes($",\"{RequestShape.NameOf(member, Surface)}\":{number}"));
    }

    /// <summary>Adds a member, with the comma before it, at the end of the body.</summary>
    private Splice Append(ReadOnlyMemory<byte> member) => new(_layout.Close.._layout.Close, member);

    private Splice SizeSplice(string size) => _layout.NullSize is { } nothing
        ? new(nothing, Quote(size))
        : Append((byte[])[.. ",\"size\":"u8, .. Quote(size)]);

    private Splice UsageSplice() => _layout switch
    {
        { IncludeUsage: { } written } => new(written, True),
        { StreamOptions: null } => Append(UsageMember),
        { StreamOptions: { } nothing, StreamOptionsOpen: null } => new(nothing, UsageObject),
        { StreamOptionsOpen: { } open } => new(open..open, _layout.StreamOptionsEmpty ? UsageAlone : UsageFirst),
    };

    private static byte[] Quote(string model)
    {
        var text = JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return [(byte)'"', .. text.EncodedUtf8Bytes, (byte)'"'];
    }
}
