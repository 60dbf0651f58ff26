using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Freeway.Functions.Http.Requests;

/// <summary>
/// Spools a form as it comes, within a limit, then finds its parts: the model's name may stand behind the file.
/// </summary>
internal static class FormReading
{
    public const int MostParts = 64;
    public const int MostHeaders = 16;
    public const int MostHeaderBytes = 8 * 1024;
    private const int LongestBoundary = 70; // RFC 2046
    private const int LongestName = 200;

    public static async Task<Result<UploadedForm>> ReadAsync(
        HttpRequest request, Spool spool, long most, CancellationToken cancellation)
    {
        if (Boundary(request.ContentType) is not { } boundary)
        {
            return Refuse.InvalidForm("send it as multipart/form-data, with a boundary of 1 to 70 characters.");
        }

        try
        {
            return await FillAsync(request, spool, most, cancellation) is { } tooLarge
                ? tooLarge
                : await PartsAsync(spool, boundary, cancellation) is var parts && parts.Accepted(
                    out var found, out var refusal)
                    ? new UploadedForm(spool, request.ContentType!, found)
                    : refusal;
        }
        catch (BadHttpRequestException broken)
        {
            return BodyReading.Refusal(broken);
        }
    }

    private static async Task<Refusal?> FillAsync(
        HttpRequest request, Spool spool, long most, CancellationToken cancellation)
    {
        if (request.ContentLength > most)
        {
            return Refuse.RequestTooLarge(most);
        }

        while (true)
        {
            var read = await BodyReading.NextAsync(request, cancellation);
            var tooLarge = spool.Length + read.Buffer.Length > most;
            if (!tooLarge)
            {
                await spool.AppendAsync(read.Buffer, cancellation);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (tooLarge || read.IsCompleted)
            {
                return tooLarge ? Refuse.RequestTooLarge(most) : null;
            }
        }
    }

    private static async Task<Result<List<FormPart>>> PartsAsync(
        Spool spool, string boundary, CancellationToken cancellation)
    {
        var parts = new List<FormPart>();
        var reader = new MultipartReader(boundary, new SpoolStream(spool)) { HeadersCountLimit = MostHeaders, HeadersLengthLimit = MostHeaderBytes };
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (parts.Count is MostParts)
                {
                    return Refuse.InvalidForm($"it has more than {MostParts} parts.");
                }

                if (Name(section) is not { } disposition)
                {
                    return Refuse.InvalidForm($"part {parts.Count + 1} does not say its name. Its Content-Disposition must be form-data; name=\"…\".");
                }

                await section.Body.DrainAsync(cancellation);
                var file = HeaderUtilities.RemoveQuotes(
                    disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
                parts.Add(new FormPart(
                    HeaderUtilities.RemoveQuotes(disposition.Name).ToString(), file.HasValue ? file.ToString() : null, section.BaseStreamOffset!.Value, section.Body.Length));
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return Refuse.InvalidForm(broken is InvalidDataException
                ? "the headers of a part are too many, too long or not valid."
                : "it ends before its last boundary. Send all of it.");
        }

        return parts.Count > 0 ? parts : Refuse.InvalidForm("it has no parts.");
    }

    private static ContentDispositionHeaderValue? Name(MultipartSection section) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
        && disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(disposition.Name) is { Length: > 0 and <= LongestName }
            ? disposition
            : null;

    private static string? Boundary(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= LongestBoundary } boundary
            ? boundary.ToString()
            : null;
}
