using System.Text;
using Freeway.Tests.Shared;

namespace Freeway.Bicep.Tests.Page;

/// <summary><c>docs/settings.md</c>, written from the code and the Bicep.</summary>
internal static class SettingsPage
{
    private const string Head = """
        # Settings

        Everything that Freeway reads at start. This page is written from the options classes, from what the check at
        start says and from `bicep/`; a test holds it to them, and `FREEWAY_WRITE_DOCS=1 ./test bicep` writes it again.

        Locally a setting comes from the environment or from `local.settings.json`. On Azure
        `bicep/modules/function-app.bicep` sets it; the parameters `adminKeyHash`, `cataloguePath`, `corsOrigins`,
        `tablePrefix` and `upstreamUrls` of `bicep/main.bicep` change the settings that are called so, and the parameter
        `settings`, an object of names and values, any other. In the last column `…` is what the deployment finds out:
        an address, an id. Times are written `hh:mm:ss`. A start with wrong settings ends with one message that names
        them all.

        Of the forms of a connection one is needed: a connection string, or an address and an identity.


        """;

    public static string File => Path.Combine(RepositoryFolder.Root, "docs", "settings.md");

    /// <param name="onAzure">The settings as the Bicep sets them.</param>
    public static async Task<string> WriteAsync(IReadOnlyDictionary<string, string> onAzure)
    {
        var contract = await CodeContract.ReadAsync();
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        page.Append("| setting | meaning | default | bounds | on Azure |\n|---|---|---|---|---|\n");
        var names = contract.Reads.Concat(contract.Never).Concat(contract.OneOf.SelectMany(names => names));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var (meaning, fallback) = Meanings.Of(name);
            var set = onAzure.TryGetValue(name, out var value) ? Code(value) : "not set";
            page.Append($"| `{name}` | {meaning} | {Code(fallback)} | {StartBounds.Of(name)} | {set} |\n");
        }

        return page.ToString();
    }

    private static string Code(string text)
    {
        if (text.Length is 0)
        {
            return "empty";
        }

        return text.StartsWith("the ", StringComparison.Ordinal) ? text : $"`{text}`";
    }
}
