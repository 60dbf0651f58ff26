using Freeway.Runner.Local;
using Freeway.Runner.Tests.Broker;

namespace Freeway.Runner.Tests.Local;

public sealed class DemoKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "demo-key.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_OfOneFolder_StayTheSame()
    {
        var made = DemoKeys.LoadOrCreate(Path);

        made.ApiKey.ShouldStartWith("fwk_");
        made.AdminKey.ShouldStartWith("fwm_");
        made.AdminKey.ShouldNotBe(made.ApiKey);
        DemoKeys.LoadOrCreate(Path).ShouldBe(made);
    }

    [Fact]
    public void File_OfKeys_IsClosedToOthers()
    {
        DemoKeys.LoadOrCreate(Path);

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void File_ThatIsDamaged_IsReplaced()
    {
        File.WriteAllText(Path, "{ \"apiKey\": ");

        var made = DemoKeys.LoadOrCreate(Path);

        DemoKeys.LoadOrCreate(Path).ShouldBe(made);
    }
}
