using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Freeway.Functions.Http;

/// <summary>Runs the changes of the catalogue, each of which may be a dry run or be scheduled.</summary>
internal static class CatalogueEndpoints
{
    /// <param name="creates">Whether it makes a version, which then is the last part of <c>Location</c>.</param>
    public static Task<IActionResult> OrderAsync(
        this HttpEndpointRunner runner, HttpRequest request, Func<AdminCommand, CatalogueQuery, CancellationToken, Task<Result<DocumentResult<CatalogueReport>>>> run, bool creates = false)
    {
        var read = CatalogueQuery.Read(Field(request));
        return runner.CommandAsync(
            request, AdminScope.All, PlainJson.Api.CatalogueReport,
            (command, gone) => read.Accepted(out var query, out var refusal) ? run(command, query, gone) : Task.FromResult<Result<DocumentResult<CatalogueReport>>>(refusal),
            creates && read.Accepted(out var asked, out _) && !asked.DryRun ? report => FormattableString.Invariant(
                $"{report.Version}") : null);
    }

    /// <summary>The fields of the query.</summary>
    public static Func<string, string?> Field(HttpRequest request) => name => request.Query[name];
}
