namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>One scenario as one client is told of it.</summary>
public sealed record MatrixCall(MatrixScenario Scenario, string Client, Uri Url, string Secret)
{
    /// <summary>No two clients say the same where the upstream remembers it.</summary>
    public string Text => Scenario.Text is MatrixScenarios.Stumbling ? $"{Scenario.Text} {Client}" : Scenario.Text;
}
