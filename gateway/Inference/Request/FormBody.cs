using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Metering.Audio;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference.Request;

/// <summary>Is a request that is a form with a file. The upload itself goes upstream, but for the model.</summary>
public sealed class FormBody : RequestBody
{
    /// <summary>Bounds the text that a part beside the file may hold, in bytes.</summary>
    public const int LongestText = 64 * 1024;

    private const string ModelHint = "GET /api/v1/models lists the ids.";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly UploadedForm _form;
    private readonly FormPart _model;

    private FormBody(UploadedForm form, FormPart model) => (_form, _model) = (form, model);

    public override bool HasCeiling => false;

    /// <summary>
    /// Gets false: some upstreams do not stream what they are asked to, so that the form of the answer is theirs.
    /// </summary>
    public override bool MayBeginEarly => false;

    /// <summary>Reads what we act on, in whichever order the parts stand.</summary>
    public static async ValueTask<Result<RequestBody>> ReadAsync(
        UploadedForm form, Surface surface, CancellationToken cancellation)
    {
        var name = surface.Content.Name;
        if (form.Parts.FirstOrDefault(part => part.Name != name && part.Length > LongestText) is { } tooLong)
        {
            return Refuse.InvalidField(
                tooLong.Name, $"'{tooLong.Name}' is longer than {LongestText} bytes. Send a shorter one.");
        }

        if (!Only(form, name, $"Send {surface.Content.Wanted}.").Accepted(out var file, out var refusal)
            || !Only(form, "model", ModelHint).Accepted(out var model, out refusal))
        {
            return refusal;
        }

        var text = await TextAsync(form, model, cancellation);
        if (!text.Accepted(out var slug, out refusal))
        {
            return refusal;
        }

        var flag = await StreamAsync(form, surface, cancellation);
        if (!flag.Accepted(out var stream, out refusal))
        {
            return refusal;
        }

        if (file.Length is 0)
        {
            return Refuse.InvalidField(name, $"'{name}' is empty. Send {surface.Content.Wanted}.");
        }

        if (string.IsNullOrWhiteSpace(slug))
        {
            return Missing("model", ModelHint);
        }

        // A form has no service tier to send :flex by.
        if (Slug.Parse(slug).Accepted(out var named, out _) && named.Variant is Variant.Flex)
        {
            return Refuse.FlexSlugNotEnabled();
        }

        var ids = new List<string>();
        foreach (var part in EndUserParts(form))
        {
            if (!(await TextAsync(form, part, cancellation)).Accepted(out var id, out refusal))
            {
                return refusal;
            }

            ids.Add(id);
        }

        return new FormBody(form, model)
        {
            EndUser = ids.Find(id => !string.IsNullOrWhiteSpace(id)),
            Surface = surface,
            Model = slug,
            Stream = stream,
            UsageRequested = false,
            OutputCeiling = null,
            N = 1,
            PromptBytes = Math.Max(1, form.Parts.Where(part => part.Name is "prompt").Sum(part => part.Length)),
            ImageInputs = 0,
            Images = 0,
            ImageSize = null,
            Characters = 0,
            ReachesBack = false,
            Seconds = await AudioDuration.SecondsAsync(new UploadedAudio(form.Upload, file), cancellation),
        };
    }

    public override IUpstreamBody For(string upstreamModel, long? outputCeiling, bool flex, string? imageSize = null) =>
        new FormPieces(_form, _model, Encoding.UTF8.GetBytes(upstreamModel));

    /// <summary>
    /// Adds the parts, not the bytes as they stand: a client that tries again draws another boundary.
    /// </summary>
    public override async ValueTask FingerprintAsync(IncrementalHash hash, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestText);
        try
        {
            foreach (var part in _form.Parts)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{part.Name}\n{part.FileName}\n{part.Length}\n"));
                for (var at = 0L; at < part.Length;)
                {
                    var read = await _form.Upload.ReadAsync(
                        part.At + at, buffer.AsMemory(0, (int)Math.Min(buffer.Length, part.Length - at)), cancellation);
                    if (read is 0)
                    {
                        throw new EndOfStreamException("The upload is shorter than it was.");
                    }

                    hash.AppendData(buffer.AsSpan(0, read));
                    at += read;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Result<FormPart> Only(UploadedForm form, string name, string hint)
    {
        var parts = form.Parts.Where(part => part.Name == name).ToList();
        return parts switch
        {
            [var only] => only,
            [] => Missing(name, hint),
            _ => Refuse.InvalidField(name, $"'{name}' is there {parts.Count} times. Send it once."),
        };
    }

    /// <summary>The parts that name the end user, in the order in which they are asked.</summary>
    private static IEnumerable<FormPart> EndUserParts(UploadedForm form) =>
        form.Parts.Where(part => part.FileName is null && part.Name is "safety_identifier" or "user")
            .OrderBy(part => part.Name, StringComparer.Ordinal);

    private static Refusal Missing(string name, string hint) =>
        Refuse.InvalidField(name, $"'{name}' is missing. {hint}");

    private static async ValueTask<Result<bool>> StreamAsync(
        UploadedForm form, Surface surface, CancellationToken cancellation)
    {
        if ((surface.Members & RequestField.Stream) is 0 || !form.Parts.Any(part => part.Name is "stream"))
        {
            return false;
        }

        if (!Only(form, "stream", "").Accepted(out var part, out var refusal))
        {
            return refusal;
        }

        var written = await TextAsync(form, part, cancellation);
        if (!written.Accepted(out var text, out refusal))
        {
            return refusal;
        }

        return text.ToLowerInvariant() switch
        {
            "true" or "1" => true,
            "false" or "0" or "" => false,
            _ => Refuse.InvalidField("stream", "'stream' must be true or false."),
        };
    }

    private static async ValueTask<Result<string>> TextAsync(
        UploadedForm form, FormPart part, CancellationToken cancellation)
    {
        var bytes = new byte[part.Length];
        for (var read = 0; read < bytes.Length;)
        {
            var more = await form.Upload.ReadAsync(part.At + read, bytes.AsMemory(read), cancellation);
            read += more > 0 ? more : throw new EndOfStreamException("The upload is shorter than it was.");
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Refuse.InvalidField(part.Name, $"'{part.Name}' is not UTF-8.");
        }
    }
}

/// <summary>
/// A form on its way upstream: as it was sent, with one value replaced. Never more of it is in memory than one buffer.
/// </summary>
internal sealed class FormPieces(UploadedForm form, FormPart replaced, ReadOnlyMemory<byte> value) : IUpstreamBody
{
    private const int BufferBytes = 64 * 1024;

    public string ContentType => form.ContentType;

    public long? Length => form.Upload.Length - replaced.Length + value.Length;

    public async Task WriteAsync(Stream upstream, CancellationToken cancellation)
    {
        await CopyAsync(upstream, 0, replaced.At, cancellation);
        await upstream.WriteAsync(value, cancellation);
        await CopyAsync(upstream, replaced.At + replaced.Length, form.Upload.Length, cancellation);
    }

    private async Task CopyAsync(Stream upstream, long from, long to, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (from < to)
            {
                var most = (int)Math.Min(buffer.Length, to - from);
                var read = await form.Upload.ReadAsync(from, buffer.AsMemory(0, most), cancellation);
                if (read is 0)
                {
                    throw new EndOfStreamException("The upload is shorter than it was.");
                }

                await upstream.WriteAsync(buffer.AsMemory(0, read), cancellation);
                from += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
