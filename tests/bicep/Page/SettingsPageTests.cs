namespace Freeway.Bicep.Tests.Page;

public sealed class SettingsPageTests
{
    [Fact]
    public async Task SettingsPage_SaysWhatTheCodeAndTheBicepSay()
    {
        var page = await SettingsPage.WriteAsync();
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
    public void Bounds_AreInTheWordsOfTheCheckAtStart(string setting, string bounds) => StartBounds.Of(setting).ShouldBe(bounds);
}
