using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>Reads a request (step 2): its options, its body and the slugs in it. Nothing is taken for it yet.</summary>
public sealed class ParseStage(CurrentCatalogue current, EndUsers endUsers)
{
    private const string Model = "model";
    private const string Models = "models";


    /// <summary>Fills in catalogue, options, body and slugs.</summary>
    /// <returns>Why the request cannot be understood; null where it can.</returns>
    public async Task<Refusal?> ParseAsync(RequestContext request)
    {
        var incoming = request.Incoming;
        var snapshot = await current.TakeAsync(incoming.CallerGone, request.Waits);
        if (!snapshot.Accepted(out var catalogue, out var refusal)
            || !incoming.ReadOptions().Accepted(out var options, out refusal))
        {
            return refusal;
        }

        var parsed = await ReadBodyAsync(incoming);
        if (!parsed.Accepted(out var body, out refusal) || !SlugsOf(body).Accepted(out var slugs, out refusal))
        {
            return refusal;
        }

        (request.Catalogue, request.Options, request.Body, request.Slugs) = (catalogue, options, body, slugs);
        return incoming.Surface.NeedsCeiling && body.OutputCeiling is null
            ? CeilingMissing(incoming.Surface)
            : await NameEndUserAsync(request, options.EndUser ?? body.EndUser);
    }

    /// <summary>
    /// Adds to the caller the end user whom the request names, by a hash: the id itself goes no further.
    /// </summary>
    private async Task<Refusal?> NameEndUserAsync(RequestContext request, string? id)
    {
        if (id is null)
        {
            return null;
        }

        try
        {
            var org = request.Caller.Org.Id;
            var endUser = await request.Waits.SpendAsync(
                limit => endUsers.FindAsync(org, id, limit).AsTask(), request.CallerGone);
            request.Caller = request.Caller with { EndUser = endUser };
            return null;
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable();
        }
    }

    private static Refusal CeilingMissing(Surface surface)
    {
        var name = RequestShape.NameOf(surface.Ceiling!.Value, surface);
        return Refuse.InvalidField(name, $"'{name}' is missing. Send the most tokens that the answer may have.");
    }

    /// <summary>Names the field of the body that a slug was written in.</summary>
    public static string FieldOf(RequestContext request, Slug slug) =>
        slug == request.Slugs[0] && !BeginsWithModels(request.Body) ? Model : Models;

    private static async Task<Result<RequestBody>> ReadBodyAsync(IIncomingRequest incoming)
    {
        if (incoming.Surface.Content.Forms is ContentForms.None)
        {
            var upload = await incoming.ReadFormAsync();
            return upload.Accepted(out var form, out var broken)
                ? await FormBody.ReadAsync(form, incoming.Surface, incoming.CallerGone)
                : broken;
        }

        var whole = await incoming.ReadBodyAsync();
        return whole.Accepted(out var bytes, out var refusal)
            && JsonBody.Parse(bytes, incoming.Surface).Accepted(out var json, out refusal)
            ? json
            : refusal;
    }

    /// <summary>Reads the slugs in turn, each once. A refusal names the field that the wrong one stands in.</summary>
    public static Result<Slug[]> SlugsOf(RequestBody body)
    {
        var slugs = new List<Slug>();
        foreach (var (text, field) in Named(body))
        {
            if (!Slug.Parse(text).Accepted(out var slug, out var refusal))
            {
                return refusal with { Param = field };
            }

            if (!slugs.Contains(slug))
            {
                slugs.Add(slug);
            }
        }

        return slugs.ToArray();
    }

    private static IEnumerable<(string Text, string Field)> Named(RequestBody body)
    {
        var listed = body.Models.Select(text => (text, Models));
        return BeginsWithModels(body) ? listed : listed.Prepend((body.Model, Model));
    }

    /// <summary>
    /// A request without a <c>model</c> takes the first of <c>models</c> for it, which is then not named twice.
    /// </summary>
    private static bool BeginsWithModels(RequestBody body) => body.Models is [var first, ..] && first == body.Model;
}
