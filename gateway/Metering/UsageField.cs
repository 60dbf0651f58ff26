namespace Freeway.Gateway.Metering;

internal enum UsageField
{
    Other,
    Prompt,
    Completion,
    Total,
    Seconds,
}
