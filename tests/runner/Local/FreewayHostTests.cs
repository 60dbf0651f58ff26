using System.Net.Http.Headers;
using Freeway.Runner.Local;
using Freeway.Runner.Tests.Broker;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Tests.Local;

public sealed class FreewayHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _clients = new ServiceCollection().AddHttpClient().BuildServiceProvider();

    public void Dispose()
    {
        _clients.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Hosts_InOneProcess_StandSideBySideEachWithItsEmbeddedServices()
    {
        await using var one = await FreewayHost.StartAsync(new FreewayHostOptions());
        await using var other = await FreewayHost.StartAsync(new FreewayHostOptions());

        (await StatusAsync(one, one.ApiKey)).ShouldBe(200);
        (await StatusAsync(other, other.ApiKey)).ShouldBe(200);
        (await StatusAsync(other, one.ApiKey)).ShouldBe(401);
        one.Tables.ShouldNotBeNull().ShouldNotBe(other.Tables);
        one.Azurite.ShouldBeNull();
        one.Broker!.Port.ShouldNotBe(other.Broker!.Port);
        one.UpstreamUrl.ShouldNotBe(other.UpstreamUrl);
    }

    [Fact]
    public async Task Parts_ThatSettingsName_AreNotStarted()
    {
        await using var owner = await FreewayHost.StartAsync(new FreewayHostOptions { UseAzurite = true });
        await using var guest = await FreewayHost.StartAsync(new FreewayHostOptions
        {
            Settings = new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = owner.Azurite!.ConnectionString,
                ["ServiceBus"] = owner.Broker!.ConnectionString,
                ["Freeway__Upstreams__loopback__BaseUrl"] = owner.UpstreamUrl,
            },
            Seed = false,
        });

        owner.Tables.ShouldBeNull();
        guest.Tables.ShouldBeNull();
        guest.Azurite.ShouldBeNull();
        guest.Broker.ShouldBeNull();
        guest.Upstream.ShouldBeNull();
        guest.UpstreamUrl.ShouldBe(owner.UpstreamUrl);
        guest.ApiKey.ShouldBeNull();
        (await StatusAsync(guest, owner.ApiKey)).ShouldBe(200);
    }

    [Fact]
    public async Task Folder_ThatAnotherHostHolds_IsRefused()
    {
        var options = new FreewayHostOptions { DataFolder = _folder.Path };
        await using var first = await FreewayHost.StartAsync(options);

        (await Should.ThrowAsync<LocalSetupException>(() => FreewayHost.StartAsync(options))).Message.ShouldContain("in use by another");
    }

    /// <summary>An earlier Freeway kept its tables in Azurite: they are not lost, and how to have them is said.</summary>
    [Fact]
    public async Task Folder_OfAnEarlierRunOnAzurite_SaysOnceHowToKeepItsTables()
    {
        var lines = new List<string>();
        var options = new FreewayHostOptions { DataFolder = _folder.Path, Seed = false, Progress = lines.Add };
        var azurite = Directory.CreateDirectory(Path.Combine(_folder.Path, "azurite")).FullName;

        await using (await FreewayHost.StartAsync(options))
        {
        }

        await using var again = await FreewayHost.StartAsync(options);

        lines.Count(line => line == $"{azurite} holds the tables of an earlier run, which stay unread: start with --azurite to keep using them")
            .ShouldBe(1);
    }

    [Fact]
    public async Task Tables_OfABrokenFile_AreOneClearLine()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "tables")).FullName, "tables.db");
        await File.WriteAllTextAsync(file, new string('x', 9000));

        var error = await Should.ThrowAsync<LocalSetupException>(() => FreewayHost.StartAsync(new FreewayHostOptions { DataFolder = _folder.Path }));

        error.Message.ShouldStartWith($"{file} is broken or no file of embedded tables");
    }

    [Fact]
    public async Task Stop_OfAHost_EndsItsAzurite()
    {
        var host = await FreewayHost.StartAsync(new FreewayHostOptions { DataFolder = _folder.Path, UseAzurite = true });
        var azurite = host.Azurite!.ProcessId;

        await host.StopAsync();
        await host.DisposeAsync();

        Should.Throw<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(azurite));
    }

    [Fact]
    public async Task Timers_OfTheProduct_RunOnRequest()
    {
        await using var host = await FreewayHost.StartAsync(new FreewayHostOptions { RunTimers = false });

        await host.RunTimerAsync("DailyReset");
        await host.RunTimerAsync("LedgerRecovery");
        await Should.ThrowAsync<ArgumentException>(() => host.RunTimerAsync("Models"));
    }

    private async Task<int> StatusAsync(FreewayHost host, string? key)
    {
        using var client = _clients.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, "/api/v1/quota"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
