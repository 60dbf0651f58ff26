using System.Diagnostics;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Processes.Tests.Support;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests;

/// <summary>What an operator changes at one instance holds at every other within 30 seconds.</summary>
public sealed class KeyChangeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Changes_MadeAtOneProcess_HoldAtTheOtherWithinThirtySeconds()
    {
        await using var deployment = await Deployment.StartAsync(output);
        var instances = await deployment.StartInstancesAsync(2, ("Freeway__AdminKeyHash", Deployment.AdminKeyHash));
        var (here, there) = (instances[0], instances[1]);
        await here.AdministerAsync("POST", "orgs", """{"id":"acme"}""");
        var keys = new Dictionary<string, string>();
        foreach (var id in new[] { "disabled", "limited", "rotated", "narrowed" })
        {
            keys[id] = (await here.AdministerAsync("POST", "orgs/acme/keys", $$"""{"id":"{{id}}"}""")).GetProperty("secret").GetString()!;
            // The other instance now remembers the key as it is.
            (await there.AskAsync(keys[id], "demo/echo:free")).Status.ShouldBe(200);
        }

        var fresh = (await here.AdministerAsync("POST", "orgs/acme/keys/rotated/rotate", """{"overlap_seconds":0}""")).GetProperty("secret").GetString()!;
        await here.AdministerAsync("PATCH", "orgs/acme/keys/disabled", """{"disabled":true}""");
        await here.AdministerAsync("PATCH", "orgs/acme/keys/limited", """{"limits":[{"unit":"requests","amount":1,"window":"day"}]}""");
        await here.AdministerAsync("PATCH", "orgs/acme/keys/narrowed", """{"allowed_models":["sarvam/*"]}""");
        var changed = Stopwatch.GetTimestamp();

        (await there.AskAsync(fresh, "demo/echo:free")).Status.ShouldBe(200, "a new secret works at once");
        await Task.WhenAll(
            HoldsAsync("disable", async () => (await there.StatusAsync(keys["disabled"], "api/v1/key")) is 403),
            HoldsAsync("rotate", async () => (await there.StatusAsync(keys["rotated"], "api/v1/key")) is 401),
            HoldsAsync("limit", async () => (await there.GetAsync(keys["limited"], "api/v1/quota")).GetRawText().Contains("api_key.requests-per-day")),
            HoldsAsync("models", async () => !(await there.GetAsync(keys["narrowed"], "api/v1/models")).GetRawText().Contains("demo/echo")));
        (await there.AskAsync(keys["narrowed"], "demo/echo:free")).ErrorCode.ShouldBe("model_not_allowed");

        // The org goes, and with it what is left of its keys.
        (await there.StatusAsync(fresh, "api/v1/key")).ShouldBe(200);
        await here.AdministerAsync("DELETE", "orgs/acme");
        changed = Stopwatch.GetTimestamp();
        await HoldsAsync("delete", async () => (await there.StatusAsync(fresh, "api/v1/key")) is 401);

        async Task HoldsAsync(string what, Func<Task<bool>> holds)
        {
            await Eventually.TrueAsync(holds);
            var after = Stopwatch.GetElapsedTime(changed);
            output.WriteLine($"{what}: after {after.TotalSeconds:0.0} s");
            after.ShouldBeLessThan(Longest);
        }
    }

    [Fact]
    public async Task Limit_OfAKeyRacedForByProcesses_AdmitsExactlyThatMany()
    {
        await using var deployment = await Deployment.StartAsync(output);
        var instances = await deployment.StartInstancesAsync(2, ("Freeway__AdminKeyHash", Deployment.AdminKeyHash));
        var secret = (await instances[0].AdministerAsync(
            "POST", "orgs/demo/keys", """{"id":"raced","limits":[{"unit":"requests","amount":7,"window":"day"}]}""")).GetProperty("secret").GetString()!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(number =>
            instances[number % 2].AskAsync(secret, number % 3 is 0 ? "sarvam/sarvam-30b:free" : "demo/echo:free")));

        answers.Count(answer => answer.Status is 200).ShouldBe(7);
        answers.Where(answer => answer.Status is not 200).ShouldAllBe(answer => answer.Status == 429);
        await deployment.SettledAsync();
        JsonElement[] limits = [.. (await instances[1].GetAsync(secret, "api/v1/quota")).GetProperty("data").EnumerateArray()];
        limits.Single(limit => limit.GetProperty("id").GetString() is "api_key.requests-per-day").GetProperty("used").GetDecimal().ShouldBe(7);
        limits.Where(limit => limit.GetProperty("id").GetString() is "fastrouter-free.daily").Sum(limit => limit.GetProperty("used").GetDecimal())
            .ShouldBe(7, "what was refused took nothing of the plan's limits");
    }
}
