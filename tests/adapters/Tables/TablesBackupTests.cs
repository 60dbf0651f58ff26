using System.Diagnostics;
using Azure.Data.Tables;
using Freeway.Adapters.Catalogue;
using Freeway.Adapters.Tables;
using Freeway.Adapters.Tests.Catalogue;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Tables;

/// <summary><c>eng/tables.mjs</c>, which the deployment guide tells to use.</summary>
public sealed class TablesBackupTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly KeyHash Hash = KeyHash.Of("fw-kept");
    private static readonly Caller Kept = new(
        new Org("acme-eu", "Acme „Europe“") { MonthlyCeilingNanos = 9_000_000_000_000, Premium = true },
        new ApiKey("key-1", "acme-eu", "laptop", Disabled: true, new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public async Task Restore_OfABackup_BringsEveryRowBackAsItWas()
    {
        var (from, to) = (AzuriteFixture.NewNames(), AzuriteFixture.NewNames());
        await MakeTablesAsync(from);
        await KeyStores.On(azurite.Account(from)).SaveAsync(Hash, Kept, CancellationToken.None);
        var bundle = CatalogueProcess.Bundle(7);
        var stored = await new TableCatalogueArchive(azurite.Account(from)).StoreAsync(bundle, CancellationToken.None);
        var file = Path.Combine(Path.GetTempPath(), $"{from.Prefix}-{Environment.ProcessId}.ndjson");
        try
        {
            (await RunAsync("backup", file, from)).ShouldBe((0, ""));
            (await RunAsync("restore", file, to)).ShouldBe((0, ""));

            (await KeyStores.On(azurite.Account(to)).FindAsync(Hash, CancellationToken.None)).ShouldBe(Kept);
            (await new TableCatalogueArchive(azurite.Account(to)).ReadAsync(stored, CancellationToken.None))!.Hash.ShouldBe(bundle.Hash);
            var (exit, error) = await RunAsync("restore", file, to);
            exit.ShouldBe(1);
            error.ShouldContain("has rows");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Restore_OfABackup_BringsARowOfEveryTableButStoredAnswersBack()
    {
        var (from, to) = (AzuriteFixture.NewNames(), AzuriteFixture.NewNames());
        await MakeTablesAsync(from);
        var file = Path.Combine(Path.GetTempPath(), $"{from.Prefix}-{Environment.ProcessId}.ndjson");
        try
        {
            (await RunAsync("backup", file, from)).ShouldBe((0, ""));
            (await RunAsync("restore", file, to)).ShouldBe((0, ""));

            foreach (var table in AllOf(to))
            {
                var client = await azurite.Account(to).StrictAsync(table, CancellationToken.None);
                // Stored answers are no record of anything, and are left behind.
                (await client.GetEntityIfExistsAsync<TableEntity>("kept", table[to.Prefix.Length..])).HasValue.ShouldBe(table != to.Responses, table);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Makes every table there is, each with a row that tells its name.</summary>
    private async Task MakeTablesAsync(TableNames names)
    {
        var account = azurite.Account(names);
        foreach (var table in AllOf(names))
        {
            var client = await account.StrictAsync(table, CancellationToken.None);
            await client.AddEntityAsync(new TableEntity("kept", table[names.Prefix.Length..]));
        }
    }

    private static string[] AllOf(TableNames names) =>
        [.. typeof(TableNames).GetProperties().Where(property => property.Name is not nameof(TableNames.Prefix)
            && property.PropertyType == typeof(string)).Select(property => (string)property.GetValue(names)!)];

    private async Task<(int Exit, string Error)> RunAsync(string command, string file, TableNames names)
    {
        var script = Path.Combine(RepositoryFolder.Root, "eng", "tables.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [script, command, azurite.Connection, file, names.Prefix])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync();
        var error = await node.StandardError.ReadToEndAsync();
        await output;
        await node.WaitForExitAsync();
        return (node.ExitCode, error);
    }
}
