namespace Freeway.Bicep.Tests;

/// <summary>Each small edit of <c>faults.json</c> is caught, by the rule that is there for it.</summary>
public sealed class FaultTests(FaultRun run) : IClassFixture<FaultRun>
{
    public static TheoryData<string> Names => [.. FaultRun.Faults.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fault_Seeded_IsCaught(string name)
    {
        var answer = run.Answers[name];

        answer.Error.ShouldBeNull();
        answer.Findings!.Select(finding => finding.Rule).ShouldContain(FaultRun.Faults.Single(fault => fault.Name == name).Rule);
    }
}
