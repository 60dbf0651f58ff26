using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>
/// The tables that all gateways of this process share, each under names of its own: embedded ones, as <c>./run</c> has
/// them; Azurite's where <c>FREEWAY_TEST_TABLES</c> says <c>azurite</c>.
/// </summary>
internal static class TestTables
{
    private static readonly Lazy<Task<TablesFixture>> Shared = new(StartAsync);

    public static Task<TablesFixture> SharedAsync() => Shared.Value;

    private static async Task<TablesFixture> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("FREEWAY_TEST_TABLES") is "azurite")
        {
            var azurite = new AzuriteFixture();
            await azurite.InitializeAsync();
            return azurite;
        }

        var embedded = new EmbeddedTablesFixture();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => embedded.Dispose();
        return embedded;
    }
}
