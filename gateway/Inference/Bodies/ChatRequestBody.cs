using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>
/// A chat request as the caller wrote it, with the few facts that we act on. The bytes stay the caller's:
/// what goes upstream is cut from them, never serialised anew.
/// </summary>
public sealed class ChatRequestBody
{
    /// <summary>Arrays and objects inside one another, the body's own included.</summary>
    public const int MaxDepth = 64;

    private static readonly byte[] UsageObject = """{"include_usage":true}"""u8.ToArray();
    private static readonly byte[] UsageMember = ""","stream_options":{"include_usage":true}"""u8.ToArray();
    private static readonly byte[] UsageFirst = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] UsageAlone = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    private readonly ReadOnlyMemory<byte> _json;
    private readonly ChatRequestLayout _layout;

    internal ChatRequestBody(ReadOnlyMemory<byte> json, ChatRequestLayout layout)
    {
        _json = json;
        _layout = layout;
    }

    /// <summary>The slug, as a string: escapes resolved, nothing else changed.</summary>
    public required string Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Whether the caller asked for a usage chunk itself.</summary>
    public required bool UsageRequested { get; init; }

    /// <summary>The largest output ceiling that the request declares, in tokens; null where it declares none.</summary>
    public required long? OutputCeiling { get; init; }

    /// <summary>How many answers are asked for; 1 unless said.</summary>
    public required int N { get; init; }

    /// <summary>The size in bytes, without a byte order mark.</summary>
    public int Bytes => _json.Length;

    /// <summary>Whether usage can only be read if we ask for it; then its chunk must be kept from the caller.</summary>
    public bool LacksUsage => Stream && !UsageRequested;

    /// <summary>Reads the whole body once. It keeps the memory: that must not change while the body is in use.</summary>
    public static Decision<ChatRequestBody> Parse(ReadOnlyMemory<byte> json)
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
            return new ChatRequestScan(json).Run();
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

    /// <summary>The bytes to send: the caller's, but for the model and, where <see cref="LacksUsage"/>, the wish for usage.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Rewrite(string upstreamModel, bool injectUsage)
    {
        var model = new Splice(_layout.Model, upstreamModel == Model ? _json[_layout.Model] : Quote(upstreamModel));
        if (!injectUsage || !LacksUsage)
        {
            return Splice.Apply(_json, model);
        }

        var usage = UsageSplice();
        return usage.At.Start.Value < model.At.Start.Value
            ? Splice.Apply(_json, usage, model)
            : Splice.Apply(_json, model, usage);
    }

    private Splice UsageSplice() => _layout switch
    {
        { IncludeUsage: { } written } => new(written, True),
        { StreamOptions: null } => new(_layout.Close..(_layout.Close), UsageMember),
        { StreamOptions: { } nothing, StreamOptionsOpen: null } => new(nothing, UsageObject),
        { StreamOptionsOpen: { } open } => new(open..open, _layout.StreamOptionsEmpty ? UsageAlone : UsageFirst),
    };

    private static byte[] Quote(string model) =>
        [(byte)'"', .. JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];
}
