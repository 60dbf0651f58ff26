using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Processes.Tests.Support;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests;

/// <summary>What is changed through one process counts in all of them within 30 seconds.</summary>
public sealed class CatalogueChangeTests(ITestOutputHelper output)
{
    private const string Slug = "demo/echo:free";

    [Fact]
    public async Task FreeSwitch_OffThroughOneProcess_IsOffInTheOtherWithinThirtySeconds()
    {
        await using var deployment = await Deployment.StartAsync(output);
        var instances = await deployment.StartInstancesAsync(2);
        var key = await deployment.NewKeyAsync("acme");
        foreach (var instance in instances)
        {
            (await instance.AskAsync(key, Slug)).Status.ShouldBe(200);
        }

        var began = Stopwatch.GetTimestamp();
        using (var http = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = instances[0].Url })
        using (var request = new HttpRequestMessage(HttpMethod.Patch, "api/v1/admin/models/demo/echo")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", instances[0].Ready.GetProperty("adminKey").GetString()) },
            Content = new StringContent("""{"free":{"enabled":false}}""", Encoding.UTF8, "application/json"),
        })
        using (var response = await http.SendAsync(request))
        {
            ((int)response.StatusCode).ShouldBe(200, await response.Content.ReadAsStringAsync());
        }

        (await instances[0].AskAsync(key, Slug)).ErrorCode.ShouldBe("free_slug_not_enabled", "the process that was asked knows at once");
        var other = await Eventually.GetAsync(() => instances[1].AskAsync(key, Slug), answer => answer.Status is not (200 or 429));
        output.WriteLine($"the other process knew after {Stopwatch.GetElapsedTime(began)}");
        (other.Status, other.ErrorCode).ShouldBe((400, "free_slug_not_enabled"));
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }
}
