namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>
/// "Real clients": what each makes of each answer. What is expected is in <c>tests/clients/outcomes.json</c>; with
/// <c>FREEWAY_WRITE_DOCS=1</c> it is written anew from what was measured, and so is the table in <c>docs/clients.md</c>.
/// </summary>
public sealed class ClientMatrixTests(ClientMatrix matrix) : IClassFixture<ClientMatrix>
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("FREEWAY_WRITE_DOCS") is "1";

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var client in MatrixClient.All)
            {
                foreach (var scenario in MatrixScenarios.All)
                {
                    cells.Add(client.Name, scenario.Name);
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Client_InAScenario_DoesWhatIsExpected(string client, string scenario)
    {
        if (Writes)
        {
            MatrixOutcomes.Write(matrix);
        }

        MatrixOutcomes.Read()[scenario][client].ShouldBe(matrix.Of(client, scenario));
    }

    [Fact]
    public void Docs_OfTheClients_TellWhatWasMeasured()
    {
        var measured = ClientsPage.Of(matrix);
        if (Writes)
        {
            ClientsPage.Write(measured);
        }

        ClientsPage.Read().ShouldBe(measured, "docs/clients.md is out of date: run ./test front-door with FREEWAY_WRITE_DOCS=1");
    }

    [Fact]
    public void Answer_OfTheModel_IsWhatTheCallerGets() =>
        Cell(outcome => outcome.End is "answered").ShouldAllBe(cell => cell.Outcome.Text == cell.Scenario.Answer);

    [Fact]
    public void Stream_ThatBreaks_NeverLooksWhole() =>
        Cell(_ => true).Where(cell => cell.Scenario.Name.StartsWith("broken-", StringComparison.Ordinal))
            .ShouldAllBe(cell => cell.Outcome.End == "error" && cell.Outcome.Text == "one two three");

    [Fact]
    public void SpentQuota_AnsweredWith403Or402_StopsEveryClientAtOnce() =>
        Cell(_ => true).Where(cell => cell.Scenario.Name is "daily-403" or "daily-402")
            .ShouldAllBe(cell => cell.Outcome.End == "error" && cell.Outcome.Answers!.Length == 3 && cell.Outcome.Code != null);

    private IEnumerable<(MatrixScenario Scenario, MatrixOutcome Outcome)> Cell(Func<MatrixOutcome, bool> fits) =>
        from client in MatrixClient.All
        from scenario in MatrixScenarios.All
        let outcome = matrix.Of(client.Name, scenario.Name)
        where fits(outcome)
        select (scenario, outcome);
}
