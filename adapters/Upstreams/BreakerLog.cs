using Microsoft.Extensions.Logging;

namespace Freeway.Adapters.Upstreams;

internal static partial class BreakerLog
{
    [LoggerMessage(5101, LogLevel.Warning, "{Upstream} failed too often and is left alone for {Time}")]
    public static partial void Opened(ILogger logger, string upstream, TimeSpan time);

    [LoggerMessage(5102, LogLevel.Information, "{Upstream} is well again")]
    public static partial void Closed(ILogger logger, string upstream);
}
