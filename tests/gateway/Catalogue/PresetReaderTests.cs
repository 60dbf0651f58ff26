using System.Text;
using Freeway.Gateway.Catalogue.Format;

namespace Freeway.Gateway.Tests.Catalogue;

public sealed class PresetReaderTests
{
    private const string Plans = """{ "some": { "limits": [ { "name": "daily", "unit": "requests", "amount": 10, "window": "day", "scope": "org" } ] } }""";

    private const string Good = $$"""{ "version": 1, "preset": "some", "sources": [ { "document": "A page", "date": "2026", "fact": "Ten." } ], "plans": {{Plans}} }""";

    [Fact]
    public void Read_APreset_ItsPlansAreThereWithTheSourcesOfTheFile()
    {
        var reader = Reader(("some", Good));

        var snapshot = reader.Read(Catalogue("\"some\"", plan: "some"));

        reader.Errors.ShouldBeEmpty();
        snapshot!.Plans.All.ShouldHaveSingleItem().Sources.ShouldHaveSingleItem().Document.ShouldBe("A page");
        snapshot.Plans.Find("some").ShouldBeSameAs(snapshot.Plans.All[0]);
    }

    [Theory]
    [InlineData("\"lost\"", "presets[0]: there is no file presets/lost.json")]
    [InlineData("\"../some\"", "presets[0]: must be lower-case letters, digits and dashes")]
    [InlineData("null", "presets[0]: must be lower-case letters, digits and dashes")]
    [InlineData("\"some\", \"some\"", "presets[1]: 'some' is there twice")]
    [InlineData("\"other\"", "presets/other.json: preset: must be 'other', as the file is called")]
    [InlineData("\"some\", \"same\"", "presets/same.json: plans.some: another plan has this name: presets/some.json: plans.some")]
    [InlineData("\"old\"", "presets/old.json: version: must be 1")]
    [InlineData("\"empty\"", "presets/empty.json: plans: at least one is needed")]
    [InlineData("\"broken\"", "presets/broken.json: $: ")]
    [InlineData("\"shape\"", "presets/shape.json: $.plans.some.limits: ")]
    [InlineData("\"wrong\"", "presets/wrong.json: plans.wrong.limits[0].unit: must be one of")]
    [InlineData("\"chooses\"", "presets/chooses.json: presets: |presets/chooses.json: default_plan: |presets/chooses.json: upstreams: ")]
    public void Read_SomethingWrongWithAPreset_IsNamedWithTheFile(string presets, string errors)
    {
        var reader = Reader(
            ("some", Good),
            ("other", Good),
            ("same", Good.Replace("\"some\", \"sources\"", "\"same\", \"sources\"", StringComparison.Ordinal)),
            ("old", """{ "version": 2, "preset": "old" }"""),
            ("empty", """{ "version": 1, "preset": "empty" }"""),
            ("broken", "["),
            ("shape", """{ "version": 1, "preset": "shape", "plans": { "some": { "limits": 3 } } }"""),
            ("wrong", """{ "version": 1, "preset": "wrong", "plans": { "wrong": { "limits": [ { "name": "a", "unit": "x", "amount": 1, "window": "day", "scope": "org" } ] } } }"""),
            ("chooses", $$"""{ "version": 1, "preset": "chooses", "presets": [], "default_plan": "some", "upstreams": {}, "plans": {{Plans}} }"""));

        reader.Read(Catalogue(presets)).ShouldBeNull();

        errors.Split('|').ShouldAllBe(error => reader.Errors.Any(found => found.StartsWith(error, StringComparison.Ordinal)), string.Join('\n', reader.Errors));
    }

    [Fact]
    public void Read_APresetWhereACatalogueIsWanted_SaysSo()
    {
        var reader = Reader();

        reader.Read(Encoding.UTF8.GetBytes(Good)).ShouldBeNull();

        reader.Errors.ShouldContain("preset: this is a preset: name it under presets of a catalogue");
    }

    [Fact]
    public void Read_TheDefaultPlanIsNowhere_SaysSo()
    {
        var reader = Reader();

        reader.Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Catalogue("")).Replace("\"version\": 1,", "\"version\": 1, \"default_plan\": \"lost\",", StringComparison.Ordinal)));

        reader.Errors.ShouldContain("default_plan: there is no plan 'lost'");
    }

    private static CatalogueReader Reader(params (string Name, string Json)[] presets) => new(
        _ => null, name => presets.Where(preset => preset.Name == name).Select(preset => Encoding.UTF8.GetBytes(preset.Json)).FirstOrDefault());

    private static byte[] Catalogue(string presets, string? plan = null) => Encoding.UTF8.GetBytes($$"""
        {
          "version": 1, "presets": [{{presets}}], "upstreams": { "loopback": { "base_url": "http://127.0.0.1:1/v1" } },
          "models": [ { "id": "demo/echo", "context_length": 1000, "usd_per_million_tokens": { "input": 0, "output": 0 },
            "free": { "enabled": {{(plan is null ? "false" : "true")}}, "plan": {{(plan is null ? "null" : $"\"{plan}\"")}} }, "routes": [ { "upstream": "loopback", "model": "echo" } ] } ]
        }
        """);
}
