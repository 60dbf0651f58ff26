using Microsoft.Extensions.Logging;

namespace Freeway.Functions.Http;

internal static partial class DoorwayLog
{
    [LoggerMessage(4001, LogLevel.Error, "Request {Request} failed before it was sent anywhere")]
    public static partial void RequestFailed(ILogger logger, string request, Exception bug);

    [LoggerMessage(4002, LogLevel.Error, "Request {Request} for {Route} failed")]
    public static partial void DoorFailed(ILogger logger, string request, string? route, Exception bug);
}
