using Freeway.Bicep.Tests.Compiler;
using Xunit.Abstractions;

namespace Freeway.Bicep.Tests.Page;

[Collection(nameof(SharedCompiler))]
public sealed class SettingsPageTests(SharedCompiler shared, ITestOutputHelper output)
{
    [Fact]
    public async Task SettingsPage_SaysWhatTheCodeAndTheBicepSay()
    {
        if (!BicepCli.IsHere(output))
        {
            return;
        }

        var page = await SettingsPage.WriteAsync(await shared.SettingsAsync());
        if (Environment.GetEnvironmentVariable("FREEWAY_WRITE_DOCS") is "1")
        {
            await File.WriteAllTextAsync(SettingsPage.File, page);
        }

        File.ReadAllText(SettingsPage.File).ShouldBe(page, "run FREEWAY_WRITE_DOCS=1 ./test bicep");
    }

    [Theory]
    [InlineData("Freeway__MaxRequestBytes", "1024 to 104857600")]
    [InlineData("Freeway__Relay__Heartbeat", "1 to 200 seconds")]
    [InlineData("Freeway__TablePrefix", "letters and digits, a letter first, 40 at most")]
    public void Bounds_AreInTheWordsOfTheCheckAtStart(string setting, string bounds) =>
        StartBounds.Of(setting).ShouldBe(bounds);
}
