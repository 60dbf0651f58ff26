using System.Text.RegularExpressions;

namespace Refit.Requests;

/// <summary>A path with <c>{placeholders}</c>; one that begins with two stars keeps its slashes.</summary>
internal sealed partial class PathTemplate
{
    private readonly string _path;

    public PathTemplate(string path)
    {
        if (!path.StartsWith('/'))
        {
            throw new ArgumentException($"URL path {path} must start with '/' and be of the form '/foo/bar/baz'");
        }

        _path = path;
        Names = [.. Placeholder().Matches(path).Select(match => match.Groups["name"].Value)];
    }

    public IReadOnlyList<string> Names { get; }

    public string Fill(IReadOnlyDictionary<string, string> values) => Placeholder().Replace(_path, match =>
    {
        var value = values.GetValueOrDefault(match.Groups["name"].Value, "");
        return match.Groups["stars"].Success
            ? string.Join('/', value.Split('/').Select(Uri.EscapeDataString))
            : Uri.EscapeDataString(value);
    });

    [GeneratedRegex(@"\{(?<stars>\*\*)?(?<name>[^}]+)\}")]
    private static partial Regex Placeholder();
}
