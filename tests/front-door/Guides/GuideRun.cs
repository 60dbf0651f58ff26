using System.Diagnostics;
using Freeway.Runner;

namespace Freeway.FrontDoor.Tests.Guides;

/// <summary>Types what a guide says, in bash, with the addresses and keys of a host.</summary>
internal static class GuideRun
{
    /// <summary>A line that fails ends the whole, and says where it stands.</summary>
    private const string Telling = """exec 3>&1; trap '[ $? = 0 ] || { cat "$OUT"; echo "line $at failed"; } >&3' EXIT""" + "\n";

    /// <summary>Plays all steps of a page in turn.</summary>
    /// <param name="patience">For how many seconds a step that asks is asked again.</param>
    public static async Task<(int Exit, string Output)> PlayAsync(FreewayHost host, string page, int patience = 20)
    {
        var steps = GuideStep.Of(page
            .Replace("http://localhost:7071", "$BASE", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:7072", "$UPSTREAM", StringComparison.Ordinal));
        var folder = Directory.CreateTempSubdirectory("freeway-guide-");
        try
        {
            var script = Path.Combine(folder.FullName, "guide.sh");
            await File.WriteAllTextAsync(script, Telling + string.Concat(steps.Select(step => step.Script(patience))));
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder.FullName,
                Environment =
                {
                    ["BASE"] = host.Url.ToString().TrimEnd('/'),
                    ["UPSTREAM"] = new Uri(host.UpstreamUrl).GetLeftPart(UriPartial.Authority),
                    ["ADMIN"] = host.AdminKey,
                    ["KEY"] = host.ApiKey,
                    ["OUT"] = Path.Combine(folder.FullName, "printed"),
                },
            })!;
            var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
            await bash.WaitForExitAsync();
            return (bash.ExitCode, await output + await errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
