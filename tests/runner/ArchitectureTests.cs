using Freeway.Tests.Shared.Architecture;

namespace Freeway.Runner.Tests;

/// <summary>The folders of a project depend on each other in one direction, inside modules too, in all four projects.</summary>
public sealed class ArchitectureTests
{
    /// <summary>
    /// The groups of folders that use each other and have not been taken apart yet. A group that shrinks or is gone has
    /// to be changed here too, so that it never grows again.
    /// </summary>
    private static readonly Dictionary<string, string[]> KnownCycles = new()
    {
        ["Freeway.Gateway"] = [],
        ["Freeway.Adapters"] = [],
        ["Freeway.Functions"] = [],
        ["Freeway.Runner"] =
        [
            "Broker ↔ Broker.Journaling ↔ Broker.Queues ↔ Broker.Wire",
            "Hosting ↔ Hosting.Functions ↔ Hosting.Http ↔ Hosting.Queues ↔ Hosting.Timers",
        ],
    };

    public static TheoryData<string> Projects => [.. KnownCycles.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_UseEachOtherInOneDirection(string project) =>
        ModuleDependencies.FolderCycles(Path.Combine(AppContext.BaseDirectory, project + ".dll"), project)
            .ShouldBe(KnownCycles[project]);

    /// <summary>A reader that found no cycle between two folders of this project would find none anywhere.</summary>
    [Fact]
    public void Folders_ThatUseEachOther_AreFound() =>
        ModuleDependencies.FolderCycles(typeof(ArchitectureTests).Assembly.Location, "Freeway.Runner.Tests.CyclesToFind")
            .ShouldBe(["First ↔ Second"]);
}
