using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue.Edits;

namespace Freeway.Gateway.Tests.Catalogue;

/// <summary>A plan that extends another is shown as it counts: what the other gives, and what the file puts in its place.</summary>
public sealed class PlanMergeTests
{
    private static readonly JsonObject Preset = Json("""
        { "plans": { "free": {
            "description": "Published", "charge_rejected": false, "sources": [{ "id": "page" }],
            "limits": [
              { "name": "daily", "unit": "requests", "amount": 10, "window": "day", "scope": "org_model", "source": "page", "verified_on": "2026-05" },
              { "name": "minute", "unit": "requests", "amount": 3, "window": "minute", "scope": "org" } ] } } }
        """);

    [Fact]
    public void Plan_ThatExtendsAPresets_IsShownWithWhatBothSay()
    {
        var entry = Find("free", """
            "free": { "extends": "free", "description": "Ours", "without_limits": ["minute"],
              "limits": [{ "name": "daily", "amount": 25 }, { "name": "monthly", "unit": "requests", "amount": 100, "window": "month", "scope": "org" }] }
            """);

        entry.Own["limits"]![0]!.AsObject().Count.ShouldBe(2, "the file's own words stay what PUT takes");
        JsonNode.DeepEquals(entry.Whole, Json("""
            { "extends": "free", "description": "Ours", "charge_rejected": false, "sources": [{ "id": "page" }],
              "limits": [
                { "name": "daily", "amount": 25, "unit": "requests", "window": "day", "scope": "org_model" },
                { "name": "monthly", "unit": "requests", "amount": 100, "window": "month", "scope": "org" } ] }
            """)).ShouldBeTrue(entry.Whole.ToJsonString());
    }

    [Fact]
    public void Plan_OverSeveralSteps_HasWhatAllOfThemSay()
    {
        var entry = Find("c", """
            "b": { "extends": "free", "limits": [{ "name": "daily", "amount": 20 }], "sources": [{ "id": "own" }] },
            "c": { "extends": "b", "limits": [{ "name": "daily", "time_zone": "Asia/Shanghai" }] }
            """);

        var daily = entry.Whole["limits"]![0]!;
        ((int)daily["amount"]!, (string)daily["time_zone"]!, (string)daily["unit"]!).ShouldBe((20, "Asia/Shanghai", "requests"));
        entry.Whole["sources"]!.AsArray().Select(source => (string)source!["id"]!).ShouldBe(["page", "own"]);
        entry.Whole["limits"]!.AsArray().Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("x", """ "x": { "limits": [] } """)]
    [InlineData("x", """ "x": { "extends": "gone" } """)]
    [InlineData("x", """ "x": { "extends": "x" } """)]
    [InlineData("x", """ "x": { "extends": 5, "limits": "none" } """)]
    public void Plan_ThatExtendsNothingThatIsThere_IsShownAsItIs(string name, string plans)
    {
        var entry = Find(name, plans);

        JsonNode.DeepEquals(entry.Whole, entry.Own).ShouldBeTrue(entry.Whole.ToJsonString());
    }

    [Fact]
    public void Plans_ThatExtendEachOther_AreShownAllTheSame() =>
        Find("x", """ "x": { "extends": "y", "dialect": "openai" }, "y": { "extends": "x", "billing": "free" } """)
            .Whole["billing"]!.GetValue<string>().ShouldBe("free");

    private static CatalogueEntry Find(string name, string plans) =>
        new CatalogueEntries(Json($$"""{ "presets": ["known"], "plans": { {{plans}} } }"""), preset => preset is "known" ? Preset : null)
            .Find(EntryKind.Plan, name).ShouldNotBeNull();

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
