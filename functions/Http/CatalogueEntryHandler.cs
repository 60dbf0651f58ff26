using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Freeway.Functions.Http;

/// <summary>Serves the models, plans and upstreams of the catalogue: lists, shows, writes and removes them.</summary>
public sealed class CatalogueEntryHandler(
    CatalogueView catalogue, CatalogueRequestParser orders, UnmatchedRequestHandler unmatched, HttpEndpointRunner doorway)
{
    internal Task<IActionResult> ListAsync(HttpRequest request, EntryKind kind) => doorway.AdministerAsync(
        request, AdminScope.Read, PlainJson.Api.PageEntryResponse,
        (_, gone) => catalogue.ListAsync(kind, CatalogueEndpoints.Field(request), gone));

    /// <param name="id">The id of the entry, decoded.</param>
    internal Task<IActionResult> ServeAsync(HttpRequest request, EntryKind kind, string id) => request.Verb() switch
    {
        "GET" => doorway.ShowAsync(
            request, AdminScope.Read, PlainJson.Api.EntryResponse, (_, gone) => catalogue.FindAsync(kind, id, gone)),
        "PUT" => doorway.OrderAsync(
            request, (command, query, gone) => orders.PutAsync(command, kind, id, query, gone)),
        "PATCH" => doorway.OrderAsync(
            request, (command, query, gone) => orders.PatchAsync(command, kind, id, query, gone)),
        "DELETE" => doorway.OrderAsync(
            request, (command, query, gone) => orders.RemoveAsync(command, kind, id, query, gone)),
        _ => unmatched.AnswerAsync(request),
    };
}
