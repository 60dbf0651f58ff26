using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Hosting.Timers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Http;

/// <summary>
/// Runs a timer now, as the real host's <c>POST /admin/functions/{name}</c> does, but answers when it is done.
/// </summary>
internal sealed class AdminEndpoint(TimerPump timers, HostKeys keys, ILogger logger)
{
    public const string Path = "/admin/functions/{name}";

    public async Task ServeAsync(HttpContext http)
    {
        if (!keys.OpensAdmin(HostKeys.Of(http.Request)))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var name = (string)http.Features.GetRequiredFeature<HostRoute>().Values["name"]!;
        if (timers.Find(name) is not { } timer)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await timer.RunNowAsync();
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (Exception e)
        {
            HostLog.FunctionFailed(logger, e, timer.Name, http.TraceIdentifier);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
