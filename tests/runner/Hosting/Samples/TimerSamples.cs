using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Tests.Hosting.Samples;

public sealed class TimerSamples(Notebook notebook, TimeProvider time)
{
    [Function("Midnight")]
    public void Midnight([TimerTrigger("%MidnightSchedule%")] TimerInfo timer)
    {
        notebook.Write($"{time.GetUtcNow():MM-dd HH:mm:ss} {(timer.IsPastDue ? "past due" : "on time")}");
        notebook.FailIfAsked();
    }
}
