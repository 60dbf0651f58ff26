using System.Diagnostics;
using Freeway.Gateway.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Puts the request's id on every line that is logged for it. Scopes as such are not exported: the web server keeps the path
/// there as it was asked for, and that is a stranger's text.
/// </summary>
internal sealed class RequestLines : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        for (var span = Activity.Current; span is not null; span = span.Parent)
        {
            if (span.GetTagItem(Tracing.RequestId) is { } id)
            {
                data.Attributes = [.. data.Attributes ?? [], KeyValuePair.Create<string, object?>(Tracing.RequestId, id)];
                return;
            }
        }
    }
}
