using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Freeway.Functions.Http;

/// <summary>Serves the models, plans and upstreams of the catalogue: lists, shows, writes and removes them.</summary>
public sealed class CatalogueEntryHandler(
    CatalogueQueries catalogue, CatalogueRequestParser orders, UnmatchedRequestHandler unmatched, HttpEndpointRunner runner)
{
    internal Task<IActionResult> ListAsync(HttpRequest request, EntryKind kind) => runner.AdministerAsync(
        request, AdminScope.Read, PlainJson.Api.PageEntryResponse,
        (_, gone) => catalogue.ListAsync(kind, CatalogueEndpoints.Field(request), gone));

    /// <param name="id">The id of the entry, decoded.</param>
    internal Task<IActionResult> ServeAsync(HttpRequest request, EntryKind kind, string id) => request.Verb() switch
    {
        "GET" => runner.ShowAsync(
            request, AdminScope.Read, PlainJson.Api.EntryResponse, (_, gone) => catalogue.FindAsync(kind, id, gone)),
        "PUT" => runner.OrderAsync(
            request, (command, query, gone) => orders.PutAsync(command, kind, id, query, gone)),
        "PATCH" => runner.OrderAsync(
            request, (command, query, gone) => orders.PatchAsync(command, kind, id, query, gone)),
        "DELETE" => runner.OrderAsync(
            request, (command, query, gone) => orders.RemoveAsync(command, kind, id, query, gone)),
        _ => unmatched.AnswerAsync(request),
    };
}

/// <summary>
/// Describes a kind of the catalogue's entries: its list, and an entry that is read, written and removed.
/// </summary>
internal static class CatalogueEntryOperations
{
    public const string Report =
        $$"""
        {"object":"catalogue.change","dry_run":false,"version":4,"active":4,"against":3,"models":{{Changed}},
        "plans":{{None}},"upstreams":{{None}},"warnings":[]}
        """;

    private const string None = """{"added":0,"removed":0,"changed":0,"data":[]}""";

    private const string Changed =
        """
        {"added":0,"removed":0,"changed":1,"data":[{"id":"demo/echo","change":"changed",
        "fields":[{"field":"free.enabled","before":true,"after":false}]}]}
        """;

    private const string AnyObject = """{"type":"object"}""";

    private const string Makes = "Makes a version of the active one with this change, and lets it count.";

    private static readonly string[] Change = ["dry_run", "at", "If-Match", "Idempotency-Key"];
    private static readonly int[] Changing = [400, 401, 403, 408, 409, 412, 413, 431, 500, 503];

    public static IEnumerable<ApiOperation> Of(
        string path, string template, string parameter, string name, string sample, string patch)
    {
        var (list, one, word) = ($"api/v1/admin/{path}", $"api/v1/admin/{path}/{template}", name.ToLowerInvariant());
        yield return new(
            "GET", list, $"listCatalogue{name}s", ApiTag.Admin, $"The {word}s of the catalogue, in its order")
        {
            Parameters = ["limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageEntryResponse, ApiContent.ListOf(sample))],
            Errors = [400, .. ErrorStatuses.Read],
        };
        yield return new("GET", one, $"getCatalogue{name}", ApiTag.Admin, $"A {word} as the catalogue has it")
        {
            Parameters = [parameter],
            Answers = [ApiContent.Of(PlainJson.Api.EntryResponse, sample)],
            HasRevision = true,
            Errors = [404, .. ErrorStatuses.Read],
        };
        yield return Write(
            "PUT", $"put{name}", $"Writes a {word} anew, or adds it",
            $"The body is an entry as the catalogue has it. {Makes}", Entry(sample), []);
        yield return Write(
            "PATCH", $"patch{name}", $"Changes members of a {word}",
            $"The body is a JSON merge patch (RFC 7396): null takes a member away. {Makes}",
            new ApiContent(ApiContent.Json, patch) { Schema = AnyObject }, [404]);
        yield return Write("DELETE", $"remove{name}", $"Takes a {word} out of the catalogue", Makes, null, [404]);

        ApiOperation Write(string method, string id, string summary, string description, ApiContent? body, int[] errors) => new(method, one, id, ApiTag.Admin, summary)
        {
            Description = description,
            Parameters = [parameter, .. Change],
            Body = body,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.CatalogueReport, Report)],
            Errors = [.. errors, .. Changing],
        };
    }

    private static ApiContent Entry(string sample) =>
        new(
            ApiContent.Json,
            System.Text.Json.Nodes.JsonNode.Parse(sample)!["entry"]!.ToJsonString()) { Schema = AnyObject };
}
