using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Notices;

namespace Freeway.Gateway.Api;

/// <summary>Shows where notices of an organisation, or of the deployment, are sent.</summary>
public sealed class WebhookQueries(IDocumentStore documents)
{
    /// <param name="target">The organisation; <c>*</c> for the deployment.</param>
    public async Task<Result<DocumentResult<WebhookResponse>>> FindAsync(string target, CancellationToken cancellation) =>
        await documents.FindAsync(WebhookDocuments.SubjectOf(target), cancellation) is { } found
        && WebhookDocuments.Read(found).DeletedAt is null
            ? WebhookResponse.Of(found)
            : Refuse.NotFound("webhook");
}

/// <summary>Sets, rotates, tests and takes away webhooks.</summary>
public sealed class WebhookCommands(
    DocumentWriter writer, IDocumentStore documents, NoticeDelivery delivery, NoticeOptions options, IdSource ids,
    TimeProvider clock)
{
    /// <summary>Makes a webhook, whose secret is shown in this answer alone, or replaces all but the secret of one.</summary>
    public async Task<Result<DocumentResult<WebhookResponse>>> PutAsync(
        AdminCommand command, string target, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var wanted = WebhookFields.Read(fields, target, options);
        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        if (target is not WebhookDocuments.Deployment && !await IsOrgAsync(target, cancellation))
        {
            return Refuse.NotFound("organisation of this id");
        }

        string? shown = null;
        var written = await writer.PutAsync(
            command, "webhook.put", WebhookDocuments.SubjectOf(target), document =>
            {
                var was = document is null ? null : WebhookDocuments.Read(document);
                shown = was is { DeletedAt: null } ? null : Webhook.CreateSecret();
                return WebhookDocuments.Draft(was, wanted with
                {
                    Secret = shown ?? was!.Secret,
                    PreviousSecret = shown is null ? was!.PreviousSecret : null,
                    PreviousUntil = shown is null ? was!.PreviousUntil : null,
                    CreatedAt = shown is null ? was!.CreatedAt : clock.GetUtcNow(),
                });
            },
            cancellation);
        return Shown(written, shown);
    }

    /// <summary>Gives a webhook a new secret; the one before signs beside it for a day.</summary>
    public async Task<Result<DocumentResult<WebhookResponse>>> RotateAsync(
        AdminCommand command, string target, CancellationToken cancellation)
    {
        var secret = Webhook.CreateSecret();
        return Shown(await ChangeAsync(command, "webhook.rotate", target, was => was with
        {
            Secret = secret,
            PreviousSecret = was.Secret,
            PreviousUntil = clock.GetUtcNow() + Webhook.RotationLasts,
        }, cancellation), secret);
    }

    /// <summary>Takes a webhook away, and its secret with it; what waits for it is given up.</summary>
    public async Task<Result<DocumentResult<WebhookResponse>>> DeleteAsync(
        AdminCommand command, string target, CancellationToken cancellation) =>
        Shown(await ChangeAsync(command, "webhook.delete", target, was => was with
        {
            Secret = "",
            PreviousSecret = null,
            PreviousUntil = null,
            DeletedAt = clock.GetUtcNow(),
        }, cancellation), null);

    /// <summary>Sends a test at once, a single time, and tells how the receiver answered. Nothing is kept of it.</summary>
    public async Task<Result<WebhookTestResponse>> TestAsync(string target, CancellationToken cancellation)
    {
        var found = await documents.FindAsync(WebhookDocuments.SubjectOf(target), cancellation);
        if (found is null || WebhookDocuments.Read(found) is not { DeletedAt: null } webhook)
        {
            return Refuse.NotFound("webhook");
        }

        var (id, org) = ($"ntc_{ids.Next()}", target is WebhookDocuments.Deployment ? null : target);
        var data = new JsonObject { ["message"] = "This is a test. Nothing has happened." };
        var body = Notice.BodyOf(id, NoticeType.WebhookTest, org, clock.GetUtcNow(), data);
        var began = clock.GetTimestamp();
        var response = await delivery.SendAsync(webhook, id, body, cancellation);
        return new WebhookTestResponse(
            id, response.IsAccepted, response.Status, response.Problem, (long)clock.GetElapsedTime(began).TotalMilliseconds);
    }

    private async Task<Result<WriteResult>> ChangeAsync(
        AdminCommand command, string action, string target, Func<Webhook, Webhook> change, CancellationToken cancellation) =>
        await writer.PutAsync(command, action, WebhookDocuments.SubjectOf(target), document =>
            document is not null && WebhookDocuments.Read(document) is { DeletedAt: null } was
                ? WebhookDocuments.Draft(was, change(was))
                : Refuse.NotFound("webhook"), cancellation);

    private async Task<bool> IsOrgAsync(string id, CancellationToken cancellation) =>
        await documents.FindAsync(Subject.OfOrg(id), cancellation) is { } found
        && KeyDocuments.Org(found).DeletedAt is null;

    private static Result<DocumentResult<WebhookResponse>> Shown(Result<WriteResult> decision, string? secret)
    {
        if (!decision.Accepted(out var written, out var refusal))
        {
            return refusal;
        }

        var shown = WebhookResponse.Of(written.Document!);
        return written.IsReplay ? shown with { IsReplay = true }
            : shown with { Value = shown.Value with { Secret = secret } };
    }
}

/// <summary>Reads a webhook as an operator writes it.</summary>
internal static class WebhookFields
{
    /// <summary>The webhook as it shall be, but for its secret.</summary>
    public static Webhook Read(FieldReader fields, string target, NoticeOptions options)
    {
        fields.Require("url");
        var url = fields.Text("url", WebhookUrl.Longest);
        if (url is not null && WebhookUrl.Fault(url, options) is { } fault)
        {
            fields.Add("url", fault);
        }

        var webhook = new Webhook(url ?? "", "")
        {
            Events = Events(fields, target),
            Disabled = fields.Flag("disabled") ?? false,
        };
        fields.Close();
        return webhook;
    }

    private static IReadOnlyList<string>? Events(FieldReader fields, string target)
    {
        var known = target is WebhookDocuments.Deployment ? NoticeTypes.Deployment : NoticeTypes.Org;
        var names = fields.Texts("events", known.Names.Count, 40);
        if (names is not null && (names.Count is 0 || names.Distinct().Count() < names.Count || names.Any(name => known.Find(name) is null)))
        {
            fields.Add("events", $"must name some of {known}, each once; leave it out for all");
        }

        return names;
    }
}

/// <summary>A webhook as the operator sees it.</summary>
/// <param name="Org">Whose notices it gets; null for the deployment's.</param>
/// <param name="Events">The types of notices that it gets; null for all.</param>
/// <param name="OldSecretEndsAt">When the secret before the last rotation stops to sign; left out where there is
///     none.</param>
/// <param name="DeletedAt">When it was taken away; left out while it is not.</param>
public sealed record WebhookResponse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Org,
    [property: SuppressMessage("Design", "CA1056", Justification = "It is written as it was given.")] string Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<string>? Events,
    bool Disabled,
    DateTimeOffset? OldSecretEndsAt,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? DeletedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "webhook";

    /// <summary>The secret that notices are signed with. It is shown once, when it is made.</summary>
    public string? Secret { get; init; }

    internal static DocumentResult<WebhookResponse> Of(Document document)
    {
        var webhook = WebhookDocuments.Read(document);
        return new DocumentResult<WebhookResponse>(
            new WebhookResponse(
                document.Subject.Org, webhook.Url, webhook.Events, webhook.Disabled, webhook.PreviousUntil,
                webhook.CreatedAt, webhook.DeletedAt),
            document.Revision);
    }
}

/// <summary>Describes how a receiver has answered a test notice.</summary>
/// <param name="Id">What it got as <c>webhook-id</c>.</param>
/// <param name="Delivered">True where it answered with a 2xx status.</param>
/// <param name="Status">Its HTTP status; null where there was no answer.</param>
/// <param name="Error">What went wrong, in a sentence; null where nothing did.</param>
/// <param name="Ms">How long it took.</param>
public sealed record WebhookTestResponse(
    string Id,
    bool Delivered,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Error,
    long Ms);
