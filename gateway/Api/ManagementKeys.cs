using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>Lists and finds the management keys beside the one in the settings.</summary>
public sealed class ManagementKeyQueries(IDocumentStore documents)
{
    public Task<Result<Page<ManagementKeyResponse>>> ListAsync(ListQuery query, CancellationToken cancellation) => query.RunAsync(
        documents, SubjectKind.ManagementKey, null, document => KeyDocuments.ManagementKey(document).Key, key => key.DeletedAt is null, ManagementKeyResponse.Of, cancellation);

    /// <summary>Describes the key that asks; the one in the settings has no document, and no end.</summary>
    public async Task<Result<OperatorKeyResponse>> DescribeAsync(Operator known, CancellationToken cancellation)
    {
        string[] scopes = [.. known.Scopes.Order().Select(scope => scope.WireName())];
        if (known.Id == Operator.OfSettings.Id)
        {
            return new OperatorKeyResponse(known.Id, "The key whose hash is in the settings", scopes, null);
        }

        return await documents.FindAsync(Subject.OfManagementKey(known.Id), cancellation) is { } found
            && KeyDocuments.ManagementKey(found).Key is var key
            ? new OperatorKeyResponse(key.Id, key.Label, scopes, key.ExpiresAt)
            : Refuse.NotFound("management key of this id");
    }

    public async Task<Result<DocumentResult<ManagementKeyResponse>>> FindAsync(
        string id, CancellationToken cancellation) =>
        await documents.FindAsync(Subject.OfManagementKey(id), cancellation) is { } found ? ManagementKeyResponse.Of(found) : Refuse.NotFound("management key of this id");
}

/// <summary>Describes the management key that asks. It belongs to no organisation, and no limit binds it.</summary>
/// <param name="Scopes">What it may change; every management key may read.</param>
/// <param name="ExpiresAt">Null where it does not end by itself.</param>
public sealed record OperatorKeyResponse(
    string Id,
    string Label,
    IReadOnlyList<string> Scopes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? ExpiresAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "key";

    /// <summary>Gets what the key is for: always <c>management</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = KeyType.Management.WireName();

    /// <summary>Always null: it is a key of the whole gateway.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public OrgResponse? Org { get; }

    /// <summary>Always empty: what it asks for is not counted.</summary>
    public IReadOnlyList<QuotaResponse> Limits { get; } = [];
}

/// <summary>
/// Creates, changes and deletes the management keys beside the one in the settings. No key is made, or becomes,
/// stronger than the key of its maker.
/// </summary>
public sealed class ManagementKeyCommands(
    ISecretStore secrets, DocumentWriter writer, IdSource ids, TimeProvider clock)
{
    /// <summary>The answer has the secret, once; a repeat under the same <c>Idempotency-Key</c> has not.</summary>
    public async Task<Result<DocumentResult<ManagementKeyResponse>>> CreateAsync(
        AdminCommand command, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        fields.Require("scopes");
        var (given, now) = (fields.Id(), clock.GetUtcNow());
        var id = given ?? ids.Next();
        var key = ManagementKeyFields.Read(
            fields, new ManagementKey(id, id, []) { CreatedAt = now, CreatedBy = command.By.Id }, now);
        if (key.ExpiresAt <= now)
        {
            fields.Add("expires_at", "must be in the future");
        }

        if (IsReserved(id))
        {
            fields.Add("id", "is taken by the gateway itself");
        }

        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        if (ScopeBeyond(command.By, key) is { } stronger)
        {
            return stronger;
        }

        var (secret, subject) = (KeySecret.Create(KeyType.Management), Subject.OfManagementKey(id));
        await secrets.SaveAsync(KeyHash.Of(secret), subject, cancellation);
        var draft = KeyDocuments.Draft(null, new ManagementKeyDocument(key, [new StoredSecret(KeyHash.Of(secret))]));
        return Shown(await writer.CreateAsync(command, "management_key.create", subject, draft, cancellation), secret);
    }

    public Task<Result<DocumentResult<ManagementKeyResponse>>> ChangeAsync(
        AdminCommand command, string id, CancellationToken cancellation) =>
        ChangeAsync(command, "management_key.change", id, was =>
        {
            if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
            {
                return refusal;
            }

            var key = ManagementKeyFields.Read(fields, was.Key, clock.GetUtcNow());
            return fields.Errors.Count > 0 ? Refuse.InvalidFields(fields.Errors)
                : ScopeBeyond(command.By, key) is { } stronger ? stronger
                : KeyDocuments.Changed(was, was with { Key = key });
        }, cancellation);

    public Task<Result<DocumentResult<ManagementKeyResponse>>> DeleteAsync(AdminCommand command, string id, CancellationToken cancellation) => ChangeAsync(
        command, "management_key.delete", id,
        was => KeyDocuments.Changed(
            was, was with { Key = was.Key with { DeletedAt = was.Key.DeletedAt ?? clock.GetUtcNow() } }),
        cancellation);

    private async Task<Result<DocumentResult<ManagementKeyResponse>>> ChangeAsync(
        AdminCommand command, string action, string id, Func<ManagementKeyDocument, Result<DocumentDraft>?> change, CancellationToken cancellation) => IsReserved(id)
            ? Refuse.Conflict("This key is in the settings (Freeway__AdminKeyHash). Change it there.")
            : Shown(await writer.ChangeAsync(
                command, action, Subject.OfManagementKey(id), was => change(KeyDocuments.ManagementKey(was)),
                cancellation));

    private static bool IsReserved(string id) => id == Operator.OfSettings.Id || id == Operator.Freeway.Id;

    /// <summary>Refuses a key that could do what its maker cannot; null where its maker may do all of it.</summary>
    private static Refusal? ScopeBeyond(Operator maker, ManagementKey key) =>
        key.Scopes.Where(scope => !maker.May(scope)).Select(
            scope => Refuse.InsufficientScope(scope.WireName())).FirstOrDefault();

    private static Result<DocumentResult<ManagementKeyResponse>> Shown(
        Result<WriteResult> decision, string? secret = null)
    {
        if (!decision.Accepted(out var written, out var refusal))
        {
            return refusal;
        }

        var shown = ManagementKeyResponse.Of(written.Document!);
        return written.IsReplay ? shown with { IsReplay = true } : shown with { Value = shown.Value with { Secret = secret } };
    }
}

/// <summary>
/// Reads a management key, or what is to change about one: what is left out stays, what is null is taken away.
/// </summary>
internal static class ManagementKeyFields
{
    /// <summary>The key as it shall be.</summary>
    public static ManagementKey Read(FieldReader fields, ManagementKey was, DateTimeOffset now)
    {
        var (expires, scopes) = (fields.Time("expires_at"), Scopes(fields));
        var key = was with
        {
            Label = fields.Needed("label", fields.Text("label", AdminFields.LongestName), was.Label),
            Scopes = fields.Needed("scopes", scopes, was.Scopes),
            Disabled = fields.Needed("disabled", fields.Flag("disabled"), was.Disabled) ?? false,
            ExpiresAt = fields.Has("expires_at") ? expires : was.ExpiresAt,
            DeletedAt = fields.DeletedAt(was.DeletedAt, now),
        };
        fields.Close();
        return key;
    }

    private static List<AdminScope>? Scopes(FieldReader fields)
    {
        var known = WireNames.Of<AdminScope>();
        if (fields.Texts("scopes", known.Names.Count, 20) is not { } words)
        {
            return null;
        }

        var scopes = words.Select(known.Find).OfType<AdminScope>().Distinct().Order().ToList();
        if (words.Count is 0 || scopes.Count != words.Count)
        {
            fields.Add("scopes", $"must name some of {known}, each once");
            return null;
        }

        return scopes;
    }
}

/// <summary>A management key as the operator sees it.</summary>
/// <param name="Scopes"><c>read</c>, <c>keys</c>, <c>billing</c>, <c>all</c>; every key may read.</param>
/// <param name="ExpiresAt">From when on it is unknown; null for never.</param>
/// <param name="DeletedAt">When it was taken away; left out while it is not.</param>
public sealed record ManagementKeyResponse(
    string Id,
    string Label,
    IReadOnlyList<string> Scopes,
    bool Disabled,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? ExpiresAt,
    DateTimeOffset? CreatedAt,
    string? CreatedBy,
    DateTimeOffset? DeletedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "management_key";

    /// <summary>The secret that operators send. It is shown once, when it is made; nobody can read it again.</summary>
    public string? Secret { get; init; }

    internal static DocumentResult<ManagementKeyResponse> Of(Document document) =>
        new(Of(KeyDocuments.ManagementKey(document).Key), document.Revision);

    internal static ManagementKeyResponse Of(ManagementKey key) => new(
        key.Id,
        key.Label,
        [.. key.Scopes.Select(scope => scope.WireName())],
        key.Disabled,
        key.ExpiresAt,
        key.CreatedAt,
        key.CreatedBy,
        key.DeletedAt);
}
