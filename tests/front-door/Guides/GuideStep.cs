using System.Text;

namespace Freeway.FrontDoor.Tests.Guides;

/// <summary>Lines of a guide that are run together, and what they must print.</summary>
/// <param name="Line">Where they begin in the page, from 1.</param>
/// <param name="Expected">Each of these must be in what they print.</param>
internal sealed record GuideStep(int Line, string Commands, IReadOnlyList<string> Expected)
{
    private const string Language = "```sh";
    private const string Fence = "```";
    private const string Arrow = "# → ";

    /// <summary>A step that only asks may be asked again: what the queue brings is not there at once.</summary>
    private bool Asks => Expected.Count > 0 && !Commands.Contains(" -d ", StringComparison.Ordinal) && !Commands.Contains(" -X ", StringComparison.Ordinal);

    /// <summary>The steps of a page: what stands in its <c>sh</c> blocks, parted by <c># → …</c> lines and by the blocks' ends.</summary>
    public static IReadOnlyList<GuideStep> Of(string page)
    {
        var steps = new List<GuideStep>();
        var (inside, begun) = (false, 0);
        var (commands, expected) = (new StringBuilder(), new List<string>());
        foreach (var (index, line) in page.Split('\n').Index())
        {
            if (!inside)
            {
                (inside, begun) = (line.StartsWith(Language, StringComparison.Ordinal), index + 2);
            }
            else if (line.StartsWith(Arrow, StringComparison.Ordinal))
            {
                expected.Add(line[Arrow.Length..]);
            }
            else
            {
                inside = !line.StartsWith(Fence, StringComparison.Ordinal);
                if (!inside || expected.Count > 0)
                {
                    Add();
                    begun = index + 1;
                }

                commands.Append(inside ? line + "\n" : "");
            }
        }

        return steps;

        void Add()
        {
            if (commands.ToString().Trim().Length > 0)
            {
                steps.Add(new GuideStep(begun, commands.ToString(), [.. expected]));
            }

            commands.Clear();
            expected.Clear();
        }
    }

    /// <summary>The step for bash: a function, so that what it sets stays, and a look at what it printed.</summary>
    /// <param name="patience">For how many seconds a step that asks is asked again.</param>
    public string Script(int patience)
    {
        var (name, checks) = ($"step_{Line}", string.Join(" && ", Expected.Select(text => $"grep -qF -- {Quoted(text)} \"$OUT\"")));
        var run = Asks
            ? $$"""until {{name}} > "$OUT" 2>&1 && {{checks}}; do [ $SECONDS -lt $((began + {{patience}})) ] || break; done"""
            : $"""{name} > "$OUT" 2>&1""";
        var look = Expected.Select(text => $$"""grep -qF -- {{Quoted(text)}} "$OUT" || { echo "line {{Line}} did not print" {{Quoted(text)}}; exit 1; }""");
        return $"{name}() {{\n{Commands}}}\nat={Line}\nbegan=$SECONDS\n{run}\n{string.Concat(look.Select(line => line + "\n"))}";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
