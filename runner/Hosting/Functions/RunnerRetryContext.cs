using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>This host never runs an invocation a second time.</summary>
internal sealed class RunnerRetryContext : RetryContext
{
    public static readonly RunnerRetryContext Never = new();

    public override int RetryCount => 0;

    public override int MaxRetryCount => 0;
}
