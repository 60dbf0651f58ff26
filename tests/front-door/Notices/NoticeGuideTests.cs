using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Notices;

/// <summary>The receiver of docs/notices.md, taken out of the page and run as it stands there.</summary>
public sealed class NoticeGuideTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("freeway-receiver-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Receiver_OfTheGuide_TakesNoticesOnceAndRefusesWhatIsNotGenuine()
    {
        // The receiver goes by the clock of the machine, and refuses what was signed long ago.
        await using var gateway = await TestGateway.StartAsync(at: TimeProvider.System.GetUtcNow());
        using var admin = gateway.Admin();
        var secret = (await admin.DoneAsync("PUT", "orgs/demo/webhook", """{"url":"http://localhost:1/"}""")).GetProperty("secret").GetString()!;
        using var receiver = await StartAsync(secret);
        var port = (await receiver.StandardOutput.ReadLineAsync())!["listening on ".Length..];
        await admin.DoneAsync("PUT", "orgs/demo/webhook", $$"""{"url":"http://localhost:{{port}}/"}""");

        await gateway.SpendAsync("demo/echo:free", times: 5);

        var line = JsonElement.Parse((await receiver.StandardOutput.ReadLineAsync())!);
        line.GetProperty("type").GetString().ShouldBe("limit.reached");
        line.GetProperty("data").GetProperty("percent").GetInt32().ShouldBe(50);
        (await admin.DoneAsync("POST", "orgs/demo/webhook/test")).GetProperty("delivered").GetBoolean().ShouldBeTrue();
        JsonElement.Parse((await receiver.StandardOutput.ReadLineAsync())!).GetProperty("type").GetString().ShouldBe("webhook.test");

        var now = TimeProvider.System.GetUtcNow();
        (await SendAsync(port, secret, "ntc_1", now)).ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(port, secret, "ntc_1", now)).ShouldBe(HttpStatusCode.NoContent, "known by its id, and taken again");
        (await SendAsync(port, secret, "ntc_2", now.AddMinutes(-6))).ShouldBe(HttpStatusCode.Unauthorized, "too old");
        (await SendAsync(port, "whsec_" + Convert.ToBase64String(new byte[32]), "ntc_3", now)).ShouldBe(HttpStatusCode.Unauthorized, "another's secret");
        (await SendAsync(port, secret, "ntc_4", now, changed: true)).ShouldBe(HttpStatusCode.Unauthorized, "another body than was signed");
        (await SendAsync(port, secret, "ntc_5", now)).ShouldBe(HttpStatusCode.NoContent);
        (await receiver.StandardOutput.ReadLineAsync()).ShouldBe("""{"at":"ntc_1"}""");
        (await receiver.StandardOutput.ReadLineAsync()).ShouldBe("""{"at":"ntc_5"}""");
        receiver.Kill();
    }

    [Fact]
    public void Receiver_OfTheGuide_HasAboutTwentyLines() =>
        Code().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeInRange(15, 25);

    private static string Code()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "docs", "notices.md"));
        var start = page.IndexOf("```js\n", StringComparison.Ordinal) + "```js\n".Length;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private async Task<Process> StartAsync(string secret)
    {
        var file = Path.Combine(_folder.FullName, "receiver.mjs");
        await File.WriteAllTextAsync(file, Code());
        return Process.Start(new ProcessStartInfo("node", [file])
        {
            RedirectStandardOutput = true,
            Environment = { ["SECRET"] = secret, ["PORT"] = "0" },
        })!;
    }

    /// <summary>Posts as Freeway does, signed by the words of the standard alone.</summary>
    private static async Task<HttpStatusCode> SendAsync(string port, string secret, string id, DateTimeOffset at, bool changed = false)
    {
        var (time, body) = (at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), $$"""{"at":"{{id}}"}""");
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://localhost:{port}/")
        {
            Content = new StringContent(changed ? body + " " : body, Encoding.UTF8, "application/json"),
        };
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var signature = System.Security.Cryptography.HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{time}.{body}"));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", time);
        request.Headers.TryAddWithoutValidation("webhook-signature", $"v1,{Convert.ToBase64String(signature)}");
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
