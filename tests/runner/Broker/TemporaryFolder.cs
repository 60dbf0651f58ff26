namespace Freeway.Runner.Tests.Broker;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("freeway-broker-");

    public string Path => _folder.FullName;

    public string Journal => System.IO.Path.Combine(Path, BrokerHarness.Queue + ".journal");

    /// <summary>What a killed process would leave: the journal as the operating system has it just now.</summary>
    public TemporaryFolder CopyJournal()
    {
        var copy = new TemporaryFolder();
        File.Copy(Journal, copy.Journal);
        return copy;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
