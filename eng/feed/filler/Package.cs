namespace Freeway.Feed;

/// <summary>One version of one package.</summary>
internal sealed record Package(string Id, string Version)
{
    public string FileName => $"{Id}.{Version}.nupkg";

    public override string ToString() => $"{Id} {Version}";
}
