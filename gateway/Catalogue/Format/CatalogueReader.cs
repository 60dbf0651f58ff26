using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// Reads <c>catalogue.json</c> and the presets that it names, and checks them: all errors at once, each with the place
/// it is at.
/// </summary>
/// <param name="setting">Looks up a setting by name, e.g. an upstream's key; null where it is not set.</param>
/// <param name="preset">Opens <c>presets/{name}.json</c>; null where there is none.</param>
public sealed class CatalogueReader(Func<string, string?> setting, Func<string, byte[]?>? preset = null)
{
    private CatalogueErrors _errors = new();

    /// <summary>All errors of the catalogue read last; empty when it can be used.</summary>
    public IReadOnlyList<string> Errors => _errors.All;

    /// <summary>All errors of the catalogue read last, each with its place apart from its message.</summary>
    public IReadOnlyList<FieldError> Faults => _errors.Faults;

    /// <summary>The catalogue, or null with <see cref="Errors"/> filled.</summary>
    public CatalogueSnapshot? Read(ReadOnlySpan<byte> json)
    {
        _errors = new CatalogueErrors();
        CatalogueDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, CatalogueJson.Default.CatalogueDocument);
        }
        catch (JsonException error)
        {
            _errors.Add("", error);
            return null;
        }

        return _errors.Check(document?.Version is 1, "version", "must be 1") ? Read(document!) : null;
    }

    private CatalogueSnapshot? Read(CatalogueDocument document)
    {
        _errors.Check(document.Preset is null, "preset", "this is a preset: name it under presets of a catalogue");
        _errors.Check(document.CardNeeded is null, "card_needed", "is for presets");
        _errors.Check(document.HardStop is null, "hard_stop", "is for presets");
        _errors.Check(document.Terms is null, "terms", "is for presets");
        var presets = new PresetReader(_errors, preset ?? (_ => null)).Read(document.Presets);
        var upstreams = ReadUpstreams(document);
        var entries = Entries(document, presets);
        var plans = ReadPlans([("", document), .. presets], entries);
        var checks = new PlanChecks(_errors, plans);
        var models = ReadModels(document, entries, upstreams, checks);
        checks.CheckModels(models);
        var standard = document.DefaultPlan is not { } name ? PlanBook.PayAsYouGo : plans.TryGetValue(name, out var chosen) ? chosen.Plan : null;
        _errors.Check(standard is not null, "default_plan", $"there is no plan '{document.DefaultPlan}'");
        return Errors.Count is 0 ? new CatalogueSnapshot(models, [.. plans.Values.Select(plan => plan.Plan)], upstreams, standard) : null;
    }

    private List<Upstream> ReadUpstreams(CatalogueDocument document)
    {
        var reader = new UpstreamReader(_errors, setting, preset ?? (_ => null));
        var routes = (document.Models ?? []).SelectMany(model => model?.Routes ?? []).OfType<RouteEntry>()
            .ToLookup(route => route.Upstream ?? "", route => route.Model ?? "", StringComparer.Ordinal);
        var entries = document.Upstreams ?? new Dictionary<string, UpstreamEntry?>();
        var upstreams = entries.Select(pair => reader.Read(pair.Key, pair.Value, [.. routes[pair.Key]])).ToList();
        reader.CheckAccounts(upstreams);
        return upstreams;
    }

    /// <summary>
    /// The catalogue's models; what they leave out is filled in from the first preset that knows them.
    /// </summary>
    private static List<ModelEntry?> Entries(CatalogueDocument document, IReadOnlyList<(string At, CatalogueDocument Document)> presets)
    {
        var known = presets.SelectMany(file => file.Document.Models ?? []).OfType<ModelEntry>()
            .Where(entry => entry.Id is not null).DistinctBy(entry => entry.Id).ToDictionary(entry => entry.Id!, StringComparer.Ordinal);
        return [.. (document.Models ?? []).Select(entry => entry?.Else(known.GetValueOrDefault(entry.Id ?? "")))];
    }

    private Dictionary<string, (Plan Plan, string At)> ReadPlans(
        IReadOnlyList<(string At, CatalogueDocument Document)> files, IReadOnlyList<ModelEntry?> models)
    {
        var reader = new PlanReader(_errors, setting);
        List<PlanRate> ownRates = [.. models.Select((model, index) => (model, at: $"models[{index}].compute_units"))
            .Where(pair => pair.model?.ComputeUnits is not null)
            .Select(pair => OwnRate(reader, pair.model!, pair.at))];
        var sources = files.ToDictionary(file => file.Document, file => reader.Sources(file.Document.Sources, $"{file.At}sources"));
        List<WrittenPlan> written = [.. files.SelectMany(file => (file.Document.Plans ?? new Dictionary<string, PlanEntry?>())
            .Select(plan => new WrittenPlan(plan.Key, $"{file.At}plans.{plan.Key}", plan.Value, file.Document)))];
        var plans = new Dictionary<string, (Plan Plan, string At)>(StringComparer.Ordinal);
        foreach (var (plan, from) in new PlanInheritance(_errors, written).Resolve())
        {
            var read = reader.Read(plan.Name, plan.Entry, plan.At, [.. from.SelectMany(file => sources[file])]) with
            {
                Offer = Offer(from),
            };
            var isNew = plans.TryAdd(plan.Name, (read with { Rates = [.. ownRates, .. read.Rates] }, plan.At));
            _errors.Check(isNew, plan.At, $"another plan has this name: {plans[plan.Name].At}");
        }

        foreach (var (file, document) in files.Where(file => file.At.Length > 0))
        {
            _errors.Check(document.Plans is { Count: > 0 }, $"{file}plans", "at least one is needed");
        }

        return plans;
    }

    /// <summary>
    /// Gives what is known of a plan's system; a plan that is made of several presets has it from the last that says
    /// something.
    /// </summary>
    private static OfferTerms Offer(IReadOnlyList<CatalogueDocument> files) => files
        .Select(file => new OfferTerms(file.CardNeeded, file.HardStop, file.Terms))
        .LastOrDefault(offer => offer != OfferTerms.Unknown, OfferTerms.Unknown);

    private PlanRate OwnRate(PlanReader reader, ModelEntry model, string at)
    {
        _errors.Check(model.ComputeUnits!.Models is null, $"{at}.models", "is the model itself");
        return new PlanRate(new ModelSet([model.Id is { Length: > 0 } id ? id : "*"]), reader.Rate(model.ComputeUnits, at));
    }

    private List<Model> ReadModels(CatalogueDocument document, List<ModelEntry?> entries, List<Upstream> upstreams, PlanChecks checks)
    {
        var reader = new ModelReader(_errors, document, upstreams);
        var models = entries.Select((entry, index) => reader.Read(entry, $"models[{index}]")).ToList();
        foreach (var (model, index) in models.Select((model, index) => (model, index)))
        {
            checks.CheckFree(model, $"models[{index}]");
        }

        _errors.Check(models.Count > 0, "models", "at least one is needed");
        foreach (var twice in models.GroupBy(model => model.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            _errors.Add("models", $"'{twice.Key}' is there {twice.Count()} times");
        }

        return models;
    }
}
