namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>
/// "Real clients": what each makes of each answer. What is expected is in <c>tests/clients/outcomes.json</c>; with
/// <c>FREEWAY_WRITE_DOCS=1</c> it is written anew from what was measured, and so is the table in <c>docs/clients.md</c>.
/// </summary>
public sealed class ClientMatrixTests(ClientMatrix matrix) : IClassFixture<ClientMatrix>
{
    private const string OutOfDate = "docs/clients.md tells something else: FREEWAY_WRITE_DOCS=1 ./test front-door writes it anew.";

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
        if (MatrixOutcomes.AreWritten)
        {
            MatrixOutcomes.Write(matrix);
        }

        matrix.Of(client, scenario).ShouldBe(MatrixOutcomes.Read()[scenario][client]);
    }

    [Fact]
    public void Docs_OfTheClients_TellWhatWasMeasured()
    {
        var measured = ClientsPage.Of(matrix);
        if (MatrixOutcomes.AreWritten)
        {
            ClientsPage.Write(measured);
        }

        measured.Split('\n').Except(ClientsPage.Read().Split('\n')).ShouldBeEmpty(OutOfDate);
        string.Equals(ClientsPage.Read(), measured, StringComparison.Ordinal).ShouldBeTrue(OutOfDate);
    }

    [Fact]
    public void Gateway_OfAllClientsAtOnce_IsNeverUnavailable() => matrix.Unavailable.ShouldBeEmpty();

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
