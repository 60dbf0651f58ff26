namespace Freeway.Bicep.Tests;

/// <summary>All faults seeded, each alone, in one run of the checker.</summary>
public sealed class FaultRun : IAsyncLifetime
{
    public static IReadOnlyList<Fault> Faults { get; } =
        BicepChecker.Read<IReadOnlyList<Fault>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "faults.json")));

    public IReadOnlyDictionary<string, FaultAnswer> Answers { get; private set; } = new Dictionary<string, FaultAnswer>();

    public async Task InitializeAsync()
    {
        var answers = await BicepChecker.CheckAsync(Faults);
        Answers = Faults.Zip(answers).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
