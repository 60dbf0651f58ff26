using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using Freeway.Runner.Local;
using Freeway.Runner.Tests.Broker;

namespace Freeway.Runner.Tests.Local;

public sealed class AzuriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tables_WrittenBeforeAStop_AreThereAfterTheNextStart()
    {
        await using (var first = await Azurite.StartAsync(Options()))
        {
            var table = new TableClient(first.ConnectionString, "kept");
            await table.CreateAsync();
            await table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = "as written" });
        }

        await using var second = await Azurite.StartAsync(Options());
        var entity = await new TableClient(second.ConnectionString, "kept").GetEntityAsync<TableEntity>("p", "r");

        entity.Value.GetString("Text").ShouldBe("as written");
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsReplacedByAFreeOneAndSaid()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var azurite = await Azurite.StartAsync(Options() with { Port = taken });

        azurite.Port.ShouldNotBe(taken);
        _said.ShouldContain($"port {taken} is taken, so Azurite takes another");
    }

    [Fact]
    public async Task Process_ThatAnEarlierRunLeft_IsReplaced()
    {
        var left = await Azurite.StartAsync(Options());

        await using var azurite = await Azurite.StartAsync(Options() with { LeftOverPatience = TimeSpan.FromMilliseconds(50) });

        azurite.ProcessId.ShouldNotBe(left.ProcessId);
        _said.ShouldContain($"an earlier run left its Azurite behind (process {left.ProcessId}): waiting for it to end");
        Should.Throw<ArgumentException>(() => Process.GetProcessById(left.ProcessId));
        await left.DisposeAsync();
    }

    [Fact]
    public async Task Note_OfAProcessThatIsAnotherByNow_IsIgnored()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "azurite.pid"), $"{Environment.ProcessId} 1");

        await using var azurite = await Azurite.StartAsync(Options());

        _said.ShouldBeEmpty();
    }

    private AzuriteOptions Options() => new() { Folder = _folder.Path, Progress = _said.Add };
}
