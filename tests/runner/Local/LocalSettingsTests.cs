using System.Collections;
using Freeway.Runner.Local;
using Freeway.Runner.Tests.Broker;

namespace Freeway.Runner.Tests.Local;

public sealed class LocalSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_OfFileAndEnvironment_AreOneAndTheEnvironmentWins()
    {
        var settings = Read(
            """
            {
              // as Core Tools allows
              "IsEncrypted": false,
              "Values": { "Only": "file", "Freeway__Both": "file", },
            }
            """,
            new Hashtable { ["Freeway__Both"] = "environment", ["More"] = "environment" });

        settings["only"].ShouldBe("file");
        settings["Freeway:Both"].ShouldBe("environment");
        settings["More"].ShouldBe("environment");
    }

    [Fact]
    public void File_ThatIsMissing_LeavesTheEnvironment() =>
        LocalSettings.Read(Path.Combine(_folder.Path, "none.json"), new Hashtable { ["A"] = "b" })["A"].ShouldBe("b");

    [Fact]
    public void File_ThatIsNoJson_IsNamed() =>
        Should.Throw<LocalSetupException>(() => Read("{", new Hashtable())).Message.ShouldContain("local.settings.json cannot be read");

    private IReadOnlyDictionary<string, string?> Read(string json, IDictionary environment)
    {
        var path = Path.Combine(_folder.Path, "local.settings.json");
        File.WriteAllText(path, json);
        return LocalSettings.Read(path, environment);
    }
}
