using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/admin/catalogue</c>: what counts; <c>…/versions</c>: what there is, and takes another;
/// <c>…/activations</c>: lets one count, or cancels that it will.
/// </summary>
public sealed class AdminCatalogueFunction(
    CatalogueQueries catalogue, CatalogueRequestParser orders, CatalogueCommands commands, UnmatchedRequestHandler unmatched,
    HttpEndpointRunner runner)
{
    private const string Path = "api/v1/admin/catalogue";

    [Function("AdminCatalogue")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Path)] HttpRequest request) =>
        runner.ShowAsync(
            request, AdminScope.Read, PlainJson.Api.CatalogueResponse, (_, gone) => catalogue.FindAsync(gone));

    [Function("AdminCatalogueVersions")]
    public Task<IActionResult> VersionsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = Path + "/versions/{number?}")]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("number")) switch
        {
            ("GET", null) => ListVersionsAsync(request),
            ("GET", { } number) => FindVersionAsync(request, number),
            ("POST", null) => runner.OrderAsync(request, orders.AddAsync, creates: true),
            _ => unmatched.AnswerAsync(request),
        };

    [Function("AdminCatalogueActivations")]
    public Task<IActionResult> ActivationsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "delete", Route = Path + "/activations")]
        HttpRequest request) =>
        request.Verb() is "POST"
            ? runner.OrderAsync(request, orders.ActivateAsync)
            : runner.CommandAsync(request, AdminScope.All, commands.CancelAsync);

    private Task<IActionResult> ListVersionsAsync(HttpRequest request) => runner.AdministerAsync(
        request, AdminScope.Read, PlainJson.Api.PageVersionResponse,
        (_, gone) => catalogue.ListVersionsAsync(CatalogueEndpoints.Field(request), gone));

    private Task<IActionResult> FindVersionAsync(HttpRequest request, string number) => runner.ShowAsync(
        request, AdminScope.Read, PlainJson.Api.VersionContentResponse,
        (_, gone) => catalogue.FindVersionAsync(number, gone));
}

/// <summary>Describes the catalogue, its versions and their activation.</summary>
internal static class CatalogueOperations
{
    private const string Version =
        """
        {"version":3,"hash":"5b1f0c9e2a7d4f60b83e5d1c7a9f2e4b6d8c0a1f3e5b7d9c2a4f6e8b0d1c3a5f",
        "created_at":"2026-05-29T12:00:00Z","by":"settings","source":"api","comment":"Less for free","active":true}
        """;

    private const string Content =
        """
        {"version":1,"presets":["fastrouter"],"upstreams":{"loopback":{"base_url":"http://127.0.0.1:7072/v1"}},
        "models":[{"id":"demo/echo","name":"Demo: Echo","context_length":32768,"usd_per_million_tokens":{"input":0.1,
        "output":0.4},"free":{"enabled":true,"plan":"fastrouter-free"},"routes":[{"upstream":"loopback",
        "model":"echo"}]}]}
        """;

    private const string Active =
        $$"""
        {"object":"catalogue","active":{{Version}},"since":"2026-05-29T12:00:00Z","latest":3,"follows_files":false,
        "scheduled":{"version":2,"at":"2026-06-01T00:00:00Z","by":"settings"},"catalogue":{{Content}},"presets":{} }
        """;

    private const string Versions = "api/v1/admin/catalogue/versions";

    private const string Activations = "api/v1/admin/catalogue/activations";

    private static readonly ApiContent VersionBody = new(ApiContent.Json, $$"""
        {"comment":"Less for free","catalogue":{{Content}}}
        """)
    {
        Schema = """
            {"type":"object","required":["catalogue"],"properties":{"comment":{"type":"string","maxLength":500},
            "catalogue":{"type":"object",
            "description":"As catalogue.json; docs/plans.md and docs/upstreams.md say what each field means."},
            "presets":{"type":"object",
            "description":"Presets by name, where they are not those of the active version or of the program."}}}
            """,
    };

    private static readonly ApiContent ActivationBody = new(ApiContent.Json, """{"version":1}""")
    {
        Schema = """
            {"type":"object","required":["version"],"properties":{"version":{"type":"integer","minimum":1},
            "at":{"type":"string","format":"date-time",
            "description":"When it is to count; at once where it is left out or past."},
            "follow_files":{"type":"boolean",
            "description":"Lets files decide again, as at the beginning: the one with which a process starts last is then activated."}}}
            """,
    };

    private static readonly int[] Changing = [400, 401, 403, 408, 409, 412, 413, 431, 500, 503];

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/catalogue", "getCatalogue", ApiTag.Admin,
            "The catalogue that counts, and what is scheduled")
        {
            Answers = [ApiContent.Of(PlainJson.Api.CatalogueResponse, Active)],
            HasRevision = true,
            Errors = ErrorStatuses.Read,
        },
        new("GET", Versions, "listCatalogueVersions", ApiTag.Admin, "The versions of the catalogue, newest first")
        {
            Parameters = ["limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageVersionResponse, ApiContent.ListOf(Version))],
            Errors = [400, .. ErrorStatuses.Read],
        },
        new(
            "POST", Versions, "addCatalogueVersion", ApiTag.Admin,
            "Checks a catalogue and stores it as a version, without letting it count")
        {
            Description = "There is one version for each content: what is stored already is found. A dry run answers "
                + "200, and says which organisations would be treated differently if it counted.",
            Parameters = ["dry_run", "If-Match", "Idempotency-Key"],
            Body = VersionBody,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.CatalogueReport, CatalogueEntryOperations.Report)],
            Others = new Dictionary<int, ApiContent> { [200] = ApiContent.Of(
                PlainJson.Api.CatalogueReport, CatalogueEntryOperations.Report) },
            Errors = Changing,
        },
        new("GET", Versions + "/{number}", "getCatalogueVersion", ApiTag.Admin, "A version with what it holds")
        {
            Parameters = ["version"],
            Answers = [ApiContent.Of(PlainJson.Api.VersionContentResponse, $$"""
                {"object":"catalogue.version","version":{{Version}},"catalogue":{{Content}},"presets":{} }
                """)],
            HasRevision = true,
            Errors = [404, .. ErrorStatuses.Read],
        },
        new(
            "POST", Activations, "activateCatalogueVersion", ApiTag.Admin,
            "Lets a version count, now or at a time; an earlier one is a roll-back")
        {
            Description = "Every instance goes by it within 30 seconds, or from that time on. A request under way "
                + "keeps the version that it began with.",
            Parameters = ["dry_run", "If-Match", "Idempotency-Key"],
            Body = ActivationBody,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.CatalogueReport, CatalogueEntryOperations.Report)],
            Errors = Changing,
        },
        new(
            "DELETE", Activations, "cancelCatalogueActivation", ApiTag.Admin,
            "Takes back the activation that is scheduled")
        {
            Parameters = ["If-Match", "Idempotency-Key"],
            Success = 204,
            Answers = [],
            Errors = [404, .. Changing],
        },
    ];
}
