using Freeway.Tests.Shared.Architecture;

namespace Freeway.Runner.Tests;

/// <summary>The folders of a project depend on each other in one direction, inside modules too, in all four projects.</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<string> Projects =>
        ["Freeway.Gateway", "Freeway.Adapters", "Freeway.Functions", "Freeway.Runner"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_UseEachOtherInOneDirection(string project) =>
        ModuleDependencies.FolderCycles(Path.Combine(AppContext.BaseDirectory, project + ".dll"), project)
            .ShouldBeEmpty();

    /// <summary>A reader that found no cycle between two folders of this project would find none anywhere.</summary>
    [Fact]
    public void Folders_ThatUseEachOther_AreFound() =>
        ModuleDependencies.FolderCycles(typeof(ArchitectureTests).Assembly.Location, "Freeway.Runner.Tests.CyclesToFind")
            .ShouldBe(["First ↔ Second"]);
}
