using System.Globalization;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Operations.Simulation;

namespace Freeway.Gateway.Api;

/// <summary>Reads what is to be simulated, and simulates it.</summary>
public sealed class SimulationQueries(CatalogueRequestParser orders, DaySimulator simulator, TimeProvider clock)
{
    private const int MostOrgs = 1000;
    private const int LongestOrg = 64;

    /// <param name="body">
    /// <c>{"day": "2026-05-28", "version": 4, "orgs": ["acme"], "include_refused": true}</c>; <c>catalogue</c>, with
    /// its <c>presets</c>, in the place of <c>version</c>.
    /// </param>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task<Result<DocumentResult<SimulationReport>>> RunAsync(
        ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!FieldReader.Open(body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        fields.Require("day");
        var (text, orgs, refused) = (
            fields.Text("day", 10), fields.Texts("orgs", MostOrgs, LongestOrg), fields.Flag("include_refused"));
        DateOnly day = default;
        if (text is not null && !(DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
            && day < DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)))
        {
            fields.Add("day", "must be a past UTC day, e.g. \"2026-05-28\"");
        }

        if (!(await orders.TryAsync(fields, cancellation)).Accepted(out var trial, out refusal))
        {
            return refusal;
        }

        var request = new SimulationRequest(day, trial.Active, trial.Candidate, orgs?.ToHashSet(), refused ?? true);
        return new DocumentResult<SimulationReport>(
            await simulator.RunAsync(request, trial.Version, trial.Against, cancellation), null);
    }
}
