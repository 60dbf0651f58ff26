using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Catalogue.Commands;

/// <summary>
/// Reads the bodies in which operators ask for changes. The catalogue itself is checked as its file is: all errors at
/// once, each with its place.
/// </summary>
public sealed class CatalogueRequestParser(CatalogueCommands commands)
{
    private const int LongestComment = 500;
    private const string Removal = "remove";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>
    /// Stores a version: <c>{"catalogue": {…}, "presets": {…}, "comment": "…"}</c>. Presets that it names and does not
    /// bring are those of the active version, else those that come with the program.
    /// </summary>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task<Result<DocumentResult<CatalogueReport>>> AddAsync(AdminCommand command, CatalogueQuery query, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        fields.Require("catalogue");
        var (catalogue, presets, comment) = (Object(fields, "catalogue"), Object(fields, "presets"), fields.Text("comment", LongestComment));
        fields.Close();
        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        var request = Store(catalogue!, presets) with { Comment = comment };
        return await commands.RunAsync(command, request, query, cancellation);
    }

    /// <summary>
    /// Lets a version count: <c>{"version": 3, "at": "…", "follow_files": false}</c>. An earlier one is a roll-back.
    /// </summary>
    /// <inheritdoc cref="AddAsync"/>
    public async Task<Result<DocumentResult<CatalogueReport>>> ActivateAsync(AdminCommand command, CatalogueQuery query, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        fields.Require("version");
        var (version, at, files) = (fields.Whole("version", 1, int.MaxValue), fields.Time("at"), fields.Flag("follow_files"));
        fields.Close();
        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        var request = new CatalogueRequest("catalogue.activate", (head, _, gone) => commands.FindAsync(head, (int)version!.Value, gone)) { FollowsFiles = files ?? false };
        return await commands.RunAsync(command, request, query with { At = at }, cancellation);
    }

    /// <summary>A catalogue to be tried: a <c>version</c>, or a <c>catalogue</c> with its <c>presets</c>.</summary>
    /// <param name="fields">Of which these are read.</param>
    /// <inheritdoc cref="AddAsync"/>
    public async Task<Result<CatalogueDryRun>> TryAsync(FieldReader fields, CancellationToken cancellation)
    {
        var (version, catalogue, presets) = (fields.Whole("version", 1, int.MaxValue), Object(fields, "catalogue"), Object(fields, "presets"));
        if (version is null == catalogue is null && fields.Errors.Count is 0)
        {
            fields.Add("version", "is needed, or 'catalogue' in its place");
        }

        fields.Close();
        return fields.Errors.Count > 0
            ? Refuse.InvalidFields(fields.Errors)
            : await commands.TryAsync(
                version is { } number ? new CatalogueRequest("", (head, _, gone) => commands.FindAsync(head, (int)number, gone)) : Store(catalogue!, presets), cancellation);
    }

    /// <summary>Writes an entry anew, or adds it.</summary>
    /// <inheritdoc cref="AddAsync"/>
    public Task<Result<DocumentResult<CatalogueReport>>> PutAsync(AdminCommand command, EntryKind kind, string id, CatalogueQuery query, CancellationToken cancellation) =>
        EditAsync(command, "put", kind, id, query, entry => (edit, _) =>
        {
            edit.Put(kind, id, entry);
            return null;
        }, cancellation);

    /// <summary>Changes members of an entry by JSON merge patch, e.g. <c>{"free": {"enabled": false}}</c>.</summary>
    /// <inheritdoc cref="AddAsync"/>
    public Task<Result<DocumentResult<CatalogueReport>>> PatchAsync(AdminCommand command, EntryKind kind, string id, CatalogueQuery query, CancellationToken cancellation) =>
        EditAsync(command, "patch", kind, id, query, patch => (edit, found) =>
        {
            if (found is null)
            {
                return NotFound(kind);
            }

            edit.Patch(kind, found, patch);
            return null;
        }, cancellation);

    /// <summary>Takes an entry away.</summary>
    /// <inheritdoc cref="AddAsync"/>
    public Task<Result<DocumentResult<CatalogueReport>>> RemoveAsync(AdminCommand command, EntryKind kind, string id, CatalogueQuery query, CancellationToken cancellation) =>
        EditAsync(command, Removal, kind, id, query, _ => (edit, found) =>
        {
            if (found is null)
            {
                return NotFound(kind);
            }

            edit.Remove(kind, found);
            return null;
        }, cancellation);

    private async Task<Result<DocumentResult<CatalogueReport>>> EditAsync(
        AdminCommand command, string verb, EntryKind kind, string id, CatalogueQuery query, Func<JsonObject, Func<CatalogueEdit, CatalogueEntry?, Refusal?>> change, CancellationToken cancellation)
    {
        // What comes with a removal says nothing, but it must be the same when it is repeated.
        if (!(verb is Removal ? new JsonObject() : Body(command, kind, id)).Accepted(out var body, out var refusal))
        {
            return refusal;
        }

        var (name, edits) = (kind.WireName(), change(body));
        var request = new CatalogueRequest($"catalogue.{name}", (_, active, _) =>
        {
            var edit = new CatalogueEdit(active, commands.Shipped);
            return Task.FromResult<Result<(CatalogueBundle, CatalogueVersion?)>>(
                edits(edit, edit.Find(kind, id)) is { } wrong ? wrong : (edit.Outcome(), null));
        })
        {
            Comment = $"{name} {id}",
            Note = bundle => (name, new JsonObject { ["id"] = id, ["entry"] = new CatalogueEntries(bundle.Catalogue, bundle.Preset).Find(kind, id)?.Own.DeepClone() }),
        };

        // The same body for another entry, or for another time, is another command.
        var identity = System.Text.Encoding.UTF8.GetBytes($"{verb} {id} {query.At:O}");
        return await commands.RunAsync(command with { Body = (byte[])[.. identity, .. command.Body.Span] }, request, query, cancellation);
    }

    private CatalogueRequest Store(JsonObject catalogue, JsonObject? presets) => new(
        "catalogue.version", (_, active, _) => Task.FromResult<Result<(CatalogueBundle, CatalogueVersion?)>>(
            (CatalogueBundle.Of(catalogue, name => presets?[name] as JsonObject ?? active.Preset(name) ?? commands.Shipped(name)), null)))
    {
        Activates = false,
    };

    private static Result<JsonObject> Body(AdminCommand command, EntryKind kind, string id)
    {
        try
        {
            if (JsonNode.Parse(command.Body.IsEmpty ? "{}"u8 : command.Body.Span, documentOptions: Strict) is not JsonObject body)
            {
                return Refuse.InvalidJson("it must be an object.");
            }

            return kind is EntryKind.Model && body["id"] is { } other && !(other.GetValueKind() is JsonValueKind.String && other.GetValue<string>() == id)
                ? Refuse.InvalidField("id", $"'id' must be '{id}', as in the path, or be left out.")
                : body;
        }
        catch (JsonException wrong)
        {
            return Refuse.InvalidJson(wrong.Message);
        }
    }

    private static Refusal NotFound(EntryKind kind) => Refuse.NotFound(kind switch
    {
        EntryKind.Model => "model of this id in the catalogue",
        EntryKind.Plan => "plan of this name in the catalogue",
        EntryKind.Upstream => "upstream of this name",
    });

    private static JsonObject? Object(FieldReader fields, string name)
    {
        if (fields.Element(name) is not { } value)
        {
            return null;
        }

        try
        {
            if (JsonNode.Parse(value.GetRawText(), documentOptions: Strict) is JsonObject found)
            {
                return found;
            }

            fields.Add(name, "must be an object");
        }
        catch (JsonException twice)
        {
            fields.Add(name, $"cannot be read: {twice.Message}");
        }

        return null;
    }
}

/// <summary>A change of the catalogue that was understood.</summary>
/// <param name="Action">For the audit, e.g. <c>catalogue.model</c>.</param>
/// <param name="Content">
/// Makes the content out of the head and what counts by it; with the version where it is one that there is.
/// </param>
internal sealed record CatalogueRequest(
    string Action, Func<CatalogueHead, CatalogueBundle, CancellationToken, Task<Result<(CatalogueBundle Content, CatalogueVersion? Version)>>> Content)
{
    /// <summary>Gets whether the change takes effect at once, as against being kept as a version only.</summary>
    public bool Activates { get; init; } = true;

    /// <summary>Gets whether the catalogue's files decide again from then on, as they do at the beginning.</summary>
    public bool FollowsFiles { get; init; }

    public string? Comment { get; init; }

    /// <summary>Tells the audit what is changed: its name, and its value in a content.</summary>
    public Func<CatalogueBundle, (string Name, JsonNode? Value)>? Note { get; init; }
}

/// <summary>The options of a change: whether only to report it, and when it is to count.</summary>
/// <param name="DryRun">Only to report.</param>
/// <param name="At">When it is to count; null for now.</param>
public sealed record CatalogueQuery(bool DryRun = false, DateTimeOffset? At = null)
{
    /// <summary>Reads <c>dry_run</c> and <c>at</c> as callers write them.</summary>
    /// <param name="field">A field's value; null or empty where it is not given.</param>
    public static Result<CatalogueQuery> Read(Func<string, string?> field)
    {
        var dry = false;
        DateTimeOffset? at = null;
        if (field("dry_run") is { Length: > 0 } word && !bool.TryParse(word, out dry))
        {
            return Refuse.InvalidField("dry_run", "'dry_run' must be true or false.");
        }

        if (field("at") is { Length: > 0 } text)
        {
            // A plus sign that was not percent-encoded arrives as a space.
            if (!DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            {
                return Refuse.InvalidField("at", "'at' must be a time in ISO 8601, e.g. 2027-01-01T00:00:00Z.");
            }

            at = time;
        }

        return new CatalogueQuery(dry, at);
    }
}
