using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/admin/simulations</c>: a past day as it would have been under another catalogue. Nothing is changed.</summary>
public sealed class AdminSimulationsFunction(SimulationView simulations, HttpEndpointRunner doorway)
{
    [Function("AdminSimulations")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/simulations")] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.Read, PlainJson.Api.SimulationReport, (command, gone) => simulations.RunAsync(command.Body, gone));
}
