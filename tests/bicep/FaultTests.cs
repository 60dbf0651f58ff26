using Freeway.Bicep.Tests.Compiler;
using Xunit.Abstractions;

namespace Freeway.Bicep.Tests;

/// <summary>Each small edit of <c>faults.json</c> is noticed by the one that the table names.</summary>
public sealed class FaultTests(FaultRun run, ITestOutputHelper output) : IClassFixture<FaultRun>
{
    public static TheoryData<string> Names => [.. Fault.All.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fault_Seeded_IsCaughtByTheOneThatTheTableNames(string name)
    {
        if (!BicepCli.IsHere(output))
        {
            return;
        }

        var fault = Fault.All.Single(fault => fault.Name == name);
        run.FindingsAfter(fault).ShouldContain(FaultRun.Name(fault.By, fault.Rule));
    }
}
