using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Freeway.Adapters.Keys;
using Freeway.Gateway.Keys;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Keys;

/// <summary>The rows that <c>docs/deploy.md</c> tells to insert for the first org and its key.</summary>
public sealed partial class DeployGuideTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Rows_AsTheGuideInsertsThem_AreAnOrgAndItsKey()
    {
        const string Secret = "fw-of-the-guide";
        var guide = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Root, "docs", "deploy.md"));
        var account = azurite.Account();
        var table = await account.StrictAsync(account.Names.Keys, CancellationToken.None);
        var rows = Insert().Matches(guide);
        rows.Count.ShouldBe(2);
        foreach (Match row in rows)
        {
            row.Groups[1].Value.ShouldBe("keys");
            var entity = new TableEntity();
            foreach (var pair in row.Groups[2].Value.Split(' ').Select(member => member.Split('=')))
            {
                entity[pair[0]] = pair[1].Replace("$ORG", "acme", StringComparison.Ordinal).Replace("$KEY_HASH", KeyHash.Of(Secret).Hex, StringComparison.Ordinal);
            }

            await table.AddEntityAsync(entity);
        }

        var caller = await new TableKeyStore(account).FindAsync(KeyHash.Of(Secret), CancellationToken.None);

        caller.ShouldBe(new Caller(new Org("acme", "Acme"), new ApiKey("acme-1", "acme", "first")));
    }

    [GeneratedRegex("az storage entity insert .*--table-name (\\w+) --entity (.+)")]
    private static partial Regex Insert();
}
