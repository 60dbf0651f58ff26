using System.Text;
using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Catalogue.Format;

namespace Freeway.Gateway.Tests.Catalogue;

public sealed class CatalogueEditTests
{
    private const string Catalogue = """
        {
          "version": 1, "presets": ["free"], "upstreams": { "one": { "preset": "groq" } },
          "plans": { "own": { "limits": [ { "name": "a", "amount": 1 }, { "name": "b", "amount": 2 } ] } },
          "models": [ { "id": "m" }, { "id": "n", "name": "N", "free": { "enabled": true, "plan": "own" } } ]
        }
        """;

    private const string Free = """
        { "version": 1, "preset": "free", "plans": { "gift": { "limits": [] } }, "models": [ { "id": "m", "name": "From the preset", "free": { "enabled": true, "plan": "gift" } } ] }
        """;

    private static readonly CatalogueBundle Bundle = CatalogueBundle.Gather(
        Encoding.UTF8.GetBytes(Catalogue), name => Encoding.UTF8.GetBytes(name is "free" ? Free : """{ "version": 1, "preset": "groq", "base_url": "https://groq.example" }"""));

    [Fact]
    public void Entries_AreWholeWithWhatPresetsFillIn()
    {
        var entries = new CatalogueEntries(Bundle.Catalogue, Bundle.Preset);

        var model = entries.Find(EntryKind.Model, "m")!;
        (model.Own.Count, model.Whole["name"]!.GetValue<string>()).ShouldBe((1, "From the preset"));
        entries.Of(EntryKind.Plan).Select(plan => (plan.Id, plan.Preset)).ShouldBe([("own", null), ("gift", "free")]);
        entries.Find(EntryKind.Upstream, "one")!.Whole["base_url"]!.GetValue<string>().ShouldBe("https://groq.example");
    }

    [Fact]
    public void Patch_OfAnObjectThatThePresetFillsIn_KeepsWhatItLeavesOut()
    {
        var outcome = Patched(EntryKind.Model, "m", """{"free":{"enabled":false}}""");

        var free = new CatalogueEntries(outcome.Catalogue, outcome.Preset).Find(EntryKind.Model, "m")!.Whole["free"]!;
        (free["enabled"]!.GetValue<bool>(), free["plan"]!.GetValue<string>()).ShouldBe((false, "gift"));
        Bundle.Catalogue["models"]![0]!.AsObject().Count.ShouldBe(1, "the version that it was made of never changes");
    }

    [Fact]
    public void Patch_NullsAndLists_AreMergedAsTheStandardSays()
    {
        var outcome = Patched(EntryKind.Plan, "own", """{"limits":[{"name":"c"}],"description":"x"}""");
        var again = Patched(EntryKind.Model, "n", """{"name":null,"free":{"plan":null}}""");

        outcome.Catalogue["plans"]!["own"]!.ToJsonString().ShouldBe("""{"limits":[{"name":"c"}],"description":"x"}""");
        again.Catalogue["models"]![1]!.ToJsonString().ShouldBe("""{"id":"n","free":{"enabled":true}}""");
    }

    [Fact]
    public void Plan_OfAPreset_IsChangedInItsCopyAndTakesThePresetWithItWhenItGoes()
    {
        var outcome = Patched(EntryKind.Plan, "gift", """{"description":"mine"}""");
        outcome.Preset("free")!["plans"]!["gift"]!["description"]!.GetValue<string>().ShouldBe("mine");
        outcome.Catalogue["plans"]!.AsObject().ContainsKey("gift").ShouldBeFalse();

        var edit = new CatalogueEdit(Bundle, _ => null);
        edit.Remove(EntryKind.Plan, edit.Find(EntryKind.Plan, "gift")!);
        edit.Outcome().Catalogue["presets"]!.AsArray().Count.ShouldBe(0);
        edit.Outcome().AllPresets.ContainsKey("free").ShouldBeFalse();
    }

    [Fact]
    public void Comparison_TellsFieldsByTheirPlaces()
    {
        var outcome = Patched(EntryKind.Plan, "own", """{"limits":[{"name":"b","amount":3},{"name":"a","amount":1}]}""");
        var edit = new CatalogueEdit(outcome, _ => null);
        edit.Put(EntryKind.Model, "new", new JsonObject { ["id"] = "new" });
        edit.Remove(EntryKind.Model, edit.Find(EntryKind.Model, "n")!);
        var after = edit.Outcome();

        var plans = EntryComparison.Of(EntryKind.Plan, Bundle, after);
        var field = plans.Data.ShouldHaveSingleItem().Fields.ShouldHaveSingleItem();
        (field.Field, field.Before!.Value.GetInt32(), field.After!.Value.GetInt32()).ShouldBe(("limits[b].amount", 2, 3));
        var models = EntryComparison.Of(EntryKind.Model, Bundle, after);
        (models.Added, models.Removed, models.Changed).ShouldBe((1, 1, 0));
        EntryComparison.Of(EntryKind.Upstream, Bundle, after).Data.ShouldBeEmpty();
    }

    private static CatalogueBundle Patched(EntryKind kind, string id, string patch)
    {
        var edit = new CatalogueEdit(Bundle, _ => null);
        edit.Patch(kind, edit.Find(kind, id)!, (JsonObject)JsonNode.Parse(patch)!);
        return edit.Outcome();
    }
}
