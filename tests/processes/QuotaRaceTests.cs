using System.Diagnostics;
using Freeway.Processes.Tests.Support;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests;

/// <summary>Never one over, however many processes race. <c>FREEWAY_LONG=1</c> makes it four processes and many rounds.</summary>
public sealed class QuotaRaceTests(ITestOutputHelper output)
{
    private const int Requests = 400;
    private const int Quota = 10;

    private static readonly bool Long = Environment.GetEnvironmentVariable("FREEWAY_LONG") is "1";
    private static readonly string[] Models = ["demo/echo", "sarvam/sarvam-30b", "sarvam/sarvam-105b"];

    [Fact]
    public async Task Quota_RacedForByProcesses_AdmitsExactlyTenAndRecordsEachOnce()
    {
        var (processes, rounds) = Long ? (4, 40) : (2, 4);
        await using var deployment = await Deployment.StartAsync(output);
        var instances = await deployment.StartInstancesAsync(processes);
        for (var round = 0; round < rounds; round++)
        {
            // The first round is the demo org's, on processes that have served nothing yet.
            var org = round is 0 ? "demo" : $"org-{round}";
            var key = round is 0 ? instances[0].ApiKey! : await deployment.NewKeyAsync(org);
            await RaceAsync(deployment, instances, org, key, Models[round % Models.Length] + ":free", begun: round % 2 is 1);
        }
    }

    /// <param name="begun">Whether every instance has served one request before, and so believes that it knows where the quota stands.</param>
    private async Task RaceAsync(Deployment deployment, IReadOnlyList<Instance> instances, string org, string key, string slug, bool begun)
    {
        var early = new List<(Answer Answer, TimeSpan After)>();
        foreach (var instance in begun ? instances : [])
        {
            early.Add((await instance.AskAsync(key, slug), TimeSpan.Zero));
        }

        var answers = (await AskAllAsync(instances, key, slug, Requests - early.Count)).Concat(early).ToList();
        var admitted = answers.Where(each => each.Answer.Status is 200).ToList();
        var refused = answers.Where(each => each.Answer.Status is 429).ToList();
        output.WriteLine(
            $"{org}: {admitted.Count} admitted, last answered after {admitted.Max(each => each.After).TotalMilliseconds:0} ms; "
            + $"{refused.Count} refused, last after {refused.Max(each => each.After).TotalMilliseconds:0} ms");
        admitted.Count.ShouldBe(Quota);
        admitted.ShouldAllBe(each => each.Answer.Whole);
        refused.Count.ShouldBe(Requests - Quota);
        refused.ShouldAllBe(each => each.Answer.ErrorCode == "free_quota_exceeded" && each.Answer.RetryAfter > TimeSpan.Zero);

        await deployment.SettledAsync();
        (await deployment.QuotaAsync(org)).ShouldBe((Quota, 0));
        var records = await instances[0].ActivityAsync(key);
        records.Select(record => record.GetProperty("id").GetString()).Order()
            .ShouldBe(admitted.Select(each => each.Answer.Id).Order());
        records.ShouldAllBe(record => record.GetProperty("status").GetInt32() == 200 && record.GetProperty("cost_usd").GetString() == "0.00");

        // What is known to be spent is refused from memory.
        var again = await AskAllAsync(instances, key, slug, Requests);
        output.WriteLine($"{org}: asked again, the last refusal came after {again.Max(each => each.After).TotalMilliseconds:0} ms");
        again.ShouldAllBe(each => each.Answer.Status == 429);
        (await deployment.LedgerAsync("request|")).ShouldBeEmpty();
        (await deployment.QuotaAsync(org)).ShouldBe((Quota, 0));
    }

    private static Task<(Answer Answer, TimeSpan After)[]> AskAllAsync(IReadOnlyList<Instance> instances, string key, string slug, int count)
    {
        var began = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, count).Select(async number =>
        {
            var answer = await instances[number % instances.Count].AskAsync(key, slug, stream: number / instances.Count % 2 is 0);
            return (answer, Stopwatch.GetElapsedTime(began));
        }));
    }
}
