using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Tests.Hosting.Samples;

public sealed class SlowTimerSample(Notebook notebook)
{
    [Function("Slow")]
    public async Task Slow([TimerTrigger("0 * * * * *", RunOnStartup = true)] TimerInfo timer)
    {
        notebook.Write("begins");
        await notebook.HeldAsync();
        notebook.Write("ends");
    }
}
