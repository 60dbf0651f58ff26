using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Runner.Tests.Broker;
using Freeway.Runner.Tests.Commands;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Tests.SelfHosting;

/// <summary>The commands of <c>docs/self-hosting.md</c>, typed in their order.</summary>
public sealed partial class SelfHostingGuideTests : IDisposable
{
    private static readonly string Guide =
        File.ReadAllText(Path.Combine(RepositoryFolder.Root, "docs", "self-hosting.md"));

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _clients = new ServiceCollection().AddHttpClient().BuildServiceProvider();

    public void Dispose()
    {
        _clients.Dispose();
        _folder.Dispose();
    }

    private string Data => Path.Combine(_folder.Path, "data");

    private string Back => Path.Combine(_folder.Path, "back");

    [Fact]
    public async Task Guide_ItsCopies_MoveAFreewayToTableStorageAndBackWithItsQuota()
    {
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = await AzuriteProcess.ConnectionAsync(),
            ["Freeway__TablePrefix"] = TablesFixture.NewNames().Prefix,
        };
        var prefix = new Dictionary<string, string?> { ["Freeway__TablePrefix"] = settings["Freeway__TablePrefix"] };
        var (there, again, back) = Copies(settings["AzureWebJobsStorage"]!);

        string key;
        await using (var embedded = await RunnerProcess.StartAsync(_folder.Path, prefix, "--data", Data))
        {
            key = embedded.Said("apiKey");
            await AskAsync(embedded, key, 4, HttpStatusCode.OK);
            (await RunnerProcess.RunAsync(prefix, there)).ShouldSatisfyAllConditions(
                run => run.Exit.ShouldBe(1), run => run.Text.ShouldContain("in use by another process"));
            await StopAsync(embedded, key, records: 4);
        }

        await CopiesAsync(prefix, there, " in 8 tables; both sides compared and equal");
        (await RunnerProcess.RunAsync(prefix, there)).ShouldSatisfyAllConditions(
            run => run.Exit.ShouldBe(1), run => run.Text.ShouldContain("give --resume to go on"));
        await CopiesAsync(prefix, again, "copied: 0 entities in 8 tables, ");

        var elsewhere = Path.Combine(_folder.Path, "elsewhere");
        await using (var stored = await RunnerProcess.StartAsync(
            _folder.Path, settings, "--data", elsewhere, "--no-seed"))
        {
            await AskAsync(stored, key, 4, HttpStatusCode.OK);
            (await RunnerProcess.RunAsync(prefix, back)).ShouldSatisfyAllConditions(
                run => run.Exit.ShouldBe(1), run => run.Text.ShouldContain(" works on these tables"));
            await StopAsync(stored, key, records: 8);
        }

        await CopiesAsync(prefix, back, " in 8 tables; both sides compared and equal");
        await using var last = await RunnerProcess.StartAsync(_folder.Path, prefix, "--data", Back, "--no-seed");
        await AskAsync(last, key, 2, HttpStatusCode.OK);
        await AskAsync(last, key, 1, HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Copy_OfAFolderWithoutTables_IsRefused() =>
        (await RunnerProcess.RunAsync("copy", "--from", Data, "--to", Back)).ShouldBe(
            (1, $"freeway: There are no embedded tables at {Data}/tables/tables.db to copy."));

    private static async Task CopiesAsync(
        IReadOnlyDictionary<string, string?> settings, string[] command, string said)
    {
        var (exit, text) = await RunnerProcess.RunAsync(settings, command);
        exit.ShouldBe(0, text);
        text.ShouldContain(said);
    }

    /// <summary>The guide's three copies: there, there once more, and back.</summary>
    private (string[] There, string[] Again, string[] Back) Copies(string storage)
    {
        var commands = Command().Matches(Guide).Select(match => match.Groups[1].Value.Split(' ')
            .Select(word => word switch
            {
                ".local" => Data,
                "/var/lib/freeway" => Back,
                "\"$STORAGE\"" => storage,
                _ => word,
            })
            .ToArray()).ToList();
        commands.Count.ShouldBe(3);
        return (commands[0], commands[1], commands[2]);
    }

    private static async Task AskAsync(RunnerProcess runner, string key, int times, HttpStatusCode expected)
    {
        for (var time = 0; time < times; time++)
        {
            using var answer = await runner.ChatAsync("demo/echo:free", "hello", key: key);
            answer.StatusCode.ShouldBe(expected);
        }
    }

    /// <summary>Stops it once its records are in the activity log, so that none is left in the queue.</summary>
    private async Task StopAsync(RunnerProcess runner, string key, int records)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await RecordsAsync(runner, key) < records)
        {
            await look.WaitForNextTickAsync(patience.Token);
        }

        runner.Signal(RunnerProcess.Terminate);
        (await runner.ExitAsync()).ShouldBe(0);
    }

    private async Task<int> RecordsAsync(RunnerProcess runner, string key)
    {
        using var client = _clients.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var list = await client.GetFromJsonAsync<JsonElement>(new Uri(new Uri(runner.Said("url")), "/api/v1/activity"));
        return list.GetProperty("data").GetArrayLength();
    }

    [GeneratedRegex(@"^\./run (copy .+?)(?: +#.*)?$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
