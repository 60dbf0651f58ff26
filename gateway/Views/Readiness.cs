namespace Freeway.Gateway.Views;

/// <summary>Whether this instance can serve, and what it looked at: each <c>ok</c> or what is wrong.</summary>
public sealed class Readiness(IEnumerable<IReadinessProbe> probes, TimeProvider clock)
{
    public const string Ok = "ok";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(probes.Select(async probe => (probe.Name, Answer: await AskAsync(probe, cancellation).ConfigureAwait(false)))).ConfigureAwait(false);
        return answers.ToDictionary(pair => pair.Name, pair => pair.Answer);
    }

    private async Task<string> AskAsync(IReadinessProbe probe, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await probe.ProbeAsync(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            return Ok;
        }
        catch (IOException wrong)
        {
            return wrong.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }
}
