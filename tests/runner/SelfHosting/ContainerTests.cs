using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Freeway.Runner.Commands;
using Freeway.Runner.Hosting.Settings;
using Freeway.Tests.Shared;
using YamlDotNet.RepresentationModel;

namespace Freeway.Runner.Tests.SelfHosting;

/// <summary>
/// The container's files are not run here: what they name exists, what they start the runner with it takes, and both
/// agree on the port and the volume.
/// </summary>
public sealed partial class ContainerTests
{
    private static readonly string[] Dockerfile = [.. Lines("Dockerfile").Where(line => line is [not '#', ..])];

    [Fact]
    public void Dockerfile_CopiesWhatIsThereAndWhatRunReads()
    {
        var copied = Copied().ToList();
        var read = ReadByBuild().Match(Read("run")).Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name is not "Directory.*")
            .Concat([".editorconfig", "BannedSymbols.txt"])
            .Concat(["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"]);

        copied.Where(path => !Path.Exists(Rooted(path))).ShouldBeEmpty();
        read.Except(copied).ShouldBeEmpty();
        MentionedByProjects().Where(path => !copied.Any(one => Covers(one, path))).ShouldBeEmpty();
        var framework = XDocument.Load(Rooted("Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        Dockerfile.ShouldContain($"COPY --from=build /source/runner/bin/Release/{framework} ./");
        Dockerfile.ShouldContain("RUN dotnet build runner -c Release --nologo --disable-build-servers");
    }

    [Fact]
    public void Dockerignore_LeavesWhatTheDockerfileCopies_AndKeepsSecretsOut()
    {
        var ignored = Lines(".dockerignore").Where(line => line is [not '#', ..]).ToList();

        Copied().Where(path => ignored.Any(pattern => Covers(pattern, path))).ShouldBeEmpty();
        ignored.ShouldContain("local.settings.json");
        ignored.ShouldContain(".local");
        ignored.ShouldContain("**/obj");
    }

    [Fact]
    public void Dockerfile_StartsTheRunnerWithOptionsItHas_NotAsRoot()
    {
        var started = Words("ENTRYPOINT").Concat(Words("CMD")).ToArray();
        var parsed = RunCommand.Create().Parse(started[2..]);

        started[..2].ShouldBe(["dotnet", typeof(FreewayHost).Assembly.GetName().Name + ".dll"]);
        parsed.Errors.ShouldBeEmpty();
        parsed.GetValue<System.Net.IPAddress?>("--bind").ShouldBe(System.Net.IPAddress.Any);
        $"{parsed.GetValue<int>("--port")}".ShouldBe(Of("EXPOSE"));
        parsed.GetValue<string>("--data").ShouldBe(Of("VOLUME"));
        Of("USER").ShouldBe("$APP_UID");
        Dockerfile.ShouldContain($"COPY --from=build --chown=$APP_UID:$APP_UID {Of("VOLUME")} {Of("VOLUME")}");
    }

    [Fact]
    public void Compose_NamesServicesSettingsAndFilesThatAreThere()
    {
        var compose = Yaml("compose.yaml");
        var included = Items(compose, "include").ShouldHaveSingleItem();
        var others = Yaml(included);
        var freeway = (YamlMappingNode)compose["services"]["freeway"];
        var environment = ((YamlMappingNode)freeway["environment"]).ToDictionary(
            setting => ((YamlScalarNode)setting.Key).Value!, setting => ((YamlScalarNode)setting.Value).Value!);
        var services = ((YamlMappingNode)others["services"]).Children.Keys.Select(name => ((YamlScalarNode)name).Value!).ToList();

        File.Exists(Rooted(Path.Combine($"{freeway["build"]}", "Dockerfile"))).ShouldBeTrue();
        Items(freeway, "depends_on").ShouldBeSubsetOf(services);
        environment.Keys.ShouldBeSubsetOf(SettingNames());
        var hosts = environment.Values.SelectMany(value => Host().Matches(value)).Select(match => match.Groups[1].Value).ToList();
        hosts.Count.ShouldBe(2);
        hosts.ShouldBeSubsetOf(services);
        Items(freeway, "ports").ShouldBe([$"127.0.0.1:{Of("EXPOSE")}:{Of("EXPOSE")}"]);
        Items(freeway, "volumes").ShouldBe([$"freeway:{Of("VOLUME")}"]);
        ((YamlMappingNode)compose["volumes"]).Children.Keys.ShouldContain(new YamlScalarNode("freeway"));
        var config = Items((YamlMappingNode)others["services"]["service-bus"], "volumes").ShouldHaveSingleItem().Split(':')[0];
        var queues = JsonDocument.Parse(Read(Path.Combine(Path.GetDirectoryName(included)!, config))).RootElement
            .GetProperty("UserConfig").GetProperty("Namespaces")[0].GetProperty("Queues");
        queues.EnumerateArray().Select(queue => queue.GetProperty("Name").GetString()).ShouldContain(environment["ActivityQueueName"]);
    }

    /// <summary>The settings that the page has, by their names in an environment.</summary>
    internal static IReadOnlyList<string> SettingNames() =>
        [.. SettingRow().Matches(Read(Path.Combine("docs", "settings.md"))).Select(match => match.Groups[1].Value)];

    private static IEnumerable<string> Copied() => Dockerfile
        .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from="))
        .SelectMany(line => line.Split(' ')[1..^1]);

    /// <summary>Files beside the projects' own folders that the copied projects mention.</summary>
    private static IEnumerable<string> MentionedByProjects() =>
        from folder in (string[])["gateway", "adapters", "functions", "runner"]
        from file in Directory.EnumerateFiles(Rooted(folder), "*.csproj")
        from Match match in Outside().Matches(File.ReadAllText(file))
        where match.Groups[1].Value is not "local.settings.json"
        select match.Groups[1].Value;

    private static bool Covers(string pattern, string path) =>
        path == pattern || path.StartsWith(pattern + "/", StringComparison.Ordinal);

    private static string Of(string instruction) =>
        Dockerfile.Single(line => line.StartsWith(instruction + " ", StringComparison.Ordinal))[(instruction.Length + 1)..];

    private static string[] Words(string instruction) => JsonSerializer.Deserialize<string[]>(Of(instruction))!;

    private static YamlMappingNode Yaml(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read(path)));
        return (YamlMappingNode)yaml.Documents.ShouldHaveSingleItem().RootNode;
    }

    private static IReadOnlyList<string> Items(YamlMappingNode node, string name) =>
        [.. ((YamlSequenceNode)node[name]).Select(item => ((YamlScalarNode)item).Value!)];

    private static string[] Lines(string path) => Read(path).Split('\n');

    private static string Read(string path) => File.ReadAllText(Rooted(path));

    private static string Rooted(string path) => Path.Combine(RepositoryFolder.Root, path);

    [GeneratedRegex(@"^    find (.+) \\$", RegexOptions.Multiline)]
    private static partial Regex ReadByBuild();

    [GeneratedRegex("""(?:Project|Include)="\.\./([^*"]*?)/?(?:\*[^"]*)?"(?! Condition="Exists)""")]
    private static partial Regex Outside();

    [GeneratedRegex(@"://([a-z-]+)[:;/]")]
    private static partial Regex Host();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}
