namespace Freeway.Gateway.Simulation;

/// <summary>Adds up what became of an org's requests, model by model.</summary>
internal sealed class SimulationTally
{
    private readonly SortedDictionary<string, (SimulationSums Before, SimulationSums After, Dictionary<string, long> RefusedBy)> _models = new(StringComparer.Ordinal);

    public void Before(string model, SimulationSums more) => Change(model, line => (line.Before.Plus(more), line.After));

    public void After(string model, SimulationSums more) => Change(model, line => (line.Before, line.After.Plus(more)));

    /// <param name="by">The limit, or the code of the refusal.</param>
    public void Refuse(string model, string by, long count)
    {
        After(model, new SimulationSums { Refused = count });
        var refusedBy = _models[model].RefusedBy;
        refusedBy[by] = refusedBy.GetValueOrDefault(by) + count;
    }

    public IEnumerable<SimulationLine> Lines(string org) =>
        _models.Select(line => new SimulationLine(org, line.Key, line.Value.Before, line.Value.After, line.Value.RefusedBy));

    private void Change(string model, Func<(SimulationSums Before, SimulationSums After), (SimulationSums, SimulationSums)> change)
    {
        var (before, after, refusedBy) = _models.TryGetValue(model, out var line) ? line : (new SimulationSums(), new SimulationSums(), []);
        (before, after) = change((before, after));
        _models[model] = (before, after, refusedBy);
    }
}
