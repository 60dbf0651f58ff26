using System.Text;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>What an upstream once answered: a file of status and content type, a blank line, and the body byte for byte.</summary>
public sealed record RecordedAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recorded");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.http").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    public bool IsStream => ContentType.StartsWith("text/event-stream", StringComparison.Ordinal);

    public static RecordedAnswer Read(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(Folder, $"{name}.http"));
        var end = file.AsSpan().IndexOf("\n\n"u8);
        var head = Encoding.ASCII.GetString(file, 0, end);
        return new RecordedAnswer(int.Parse(head[..3], System.Globalization.CultureInfo.InvariantCulture), head[4..], file.AsMemory(end + 2));
    }
}
