using Freeway.Functions.Http.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>Takes every request that no other function takes: other paths, other methods, and <c>OPTIONS</c>.</summary>
public sealed class FallbackFunction(UnmatchedRequestHandler unmatched)
{
    // The host tries functions in the order of their names and takes the first whose route matches. This route matches
    // everything, so that a name before the others' would take their requests: hence the Z.
    [Function("ZFallback")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request) =>
        unmatched.AnswerAsync(request);
}
