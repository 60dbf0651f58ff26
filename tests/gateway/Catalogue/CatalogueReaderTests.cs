using System.Text;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Catalogue;

public sealed class CatalogueReaderTests
{
    private const string Good = """
        {
          "version": 1,
          "upstreams": { "loopback": { "base_url": "http://127.0.0.1:7072/v1" }, "far": { "base_url": "https://api.example.com/v1", "key_setting": "FAR_KEY" } },
          "plans": { "free": { "limits": [ { "name": "daily", "unit": "requests", "amount": 10, "window": "day", "scope": "org_model" } ] } },
          "models": [
            {
              "id": "demo/echo", "name": "Echo", "context_length": 1000, "usd_per_million_tokens": { "input": 0.1, "output": 0.000000001 },
              "free": { "enabled": true, "plan": "free" }, "flex_percent": 50, "created": 5,
              "routes": [ { "upstream": "far", "model": "echo-1" }, { "upstream": "loopback", "model": "echo" } ]
            }
          ]
        }
        """;

    [Fact]
    public void Read_AGoodCatalogue_HoldsAllOfIt()
    {
        var snapshot = Read(Good).Snapshot.ShouldNotBeNull();

        var model = snapshot.Models.All.ShouldHaveSingleItem();
        (model.Price.InputPerMillion, model.Price.OutputPerMillion).ShouldBe((100_000_000, 1));
        (model.ContextLength, model.FreePlan, model.FreeEnabled, model.FlexPercent, model.Created).ShouldBe((1000, "free", true, 50, 5));
        Called(snapshot).ShouldBe("loopback");
    }

    [Theory]
    [InlineData("", new[] { "far", "loopback" })]
    [InlineData("secret", new[] { "far" })]
    public void Read_AStandIn_IsThereOnlyUntilTheRealOneHasItsKey(string key, string[] upstreams)
    {
        var catalogue = Good.Replace("\"model\": \"echo\" }", "\"model\": \"echo\", \"stand_in\": true }", StringComparison.Ordinal);

        Read(catalogue, ("FAR_KEY", key)).Snapshot!.Models.All[0].Routes.Select(route => route.Upstream).ShouldBe(upstreams);
    }

    [Fact]
    public void Read_AKeyIsSet_ItsUpstreamIsReady()
    {
        var snapshot = Read(Good, ("FAR_KEY", "secret")).Snapshot!;

        Called(snapshot).ShouldBe("far");
        snapshot.UpstreamOf("far").ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void Read_ASettingNamesAnotherAddress_ItGoesFirst() =>
        Read(Good, ("Freeway:Upstreams:loopback:BaseUrl", "http://127.0.0.1:9/v1")).Snapshot!.UpstreamOf("loopback").BaseUrl.Port.ShouldBe(9);

    [Fact]
    public void Read_TheRepositorysCatalogue_IsGood()
    {
        var reader = new CatalogueReader(_ => null, Preset);
        var snapshot = reader.Read(File.ReadAllBytes(Path.Combine(RepositoryFolder.Root, "catalogue.json")));

        reader.Errors.ShouldBeEmpty();
        snapshot!.Models.All.Select(model => model.Id).ShouldBe(
            ["demo/echo", "demo/paid", "sarvam/sarvam-105b", "sarvam/sarvam-30b", "sarvam/saaras:v3", "sarvam/bulbul:v2"]);
        snapshot.Models.All.Where(model => model.FreeEnabled).ShouldAllBe(model => model.FreePlan == "fastrouter-free");
        snapshot.Plans.Find("fastrouter-free")!.Limits.ShouldHaveSingleItem().Limit
            .ShouldBe(new Limit("daily", LimitUnit.Requests, 10, LimitWindow.Day, LimitScope.OrgModel));
    }

    [Fact]
    public void Read_ManyErrors_AreNamedAllAtOnceWithTheirPlaces()
    {
        var (snapshot, errors) = Read("""
            {
              "version": 1,
              "upstreams": { "Bad Name": { "base_url": "http://api.example.com" }, "none": {} },
              "plans": { "empty": { "limits": [] }, "odd": { "limits": [ { "name": "A", "unit": "wishes", "amount": 0 }, null ] } },
              "models": [
                { "id": "", "context_length": 0, "free": { "enabled": true }, "flex_percent": 101, "routes": [] },
                { "id": "x:free", "context_length": 1, "usd_per_million_tokens": { "input": -1, "output": 1 }, "free": { "enabled": true, "plan": "lost" }, "routes": [ { "upstream": "gone" } ] },
                { "id": "twice", "context_length": 1, "usd_per_million_tokens": { "input": 0, "output": 0 }, "routes": [ null ] },
                { "id": "twice", "context_length": 1, "usd_per_million_tokens": { "input": 0, "output": 0 }, "routes": [ { "upstream": "none", "model": "m" } ] },
                null
              ]
            }
            """);

        snapshot.ShouldBeNull();
        string[] places =
        [
            "upstreams.Bad Name: ", "upstreams.Bad Name.base_url: must be https", "upstreams.none.base_url: must be an absolute",
            "plans.empty.limits: ", "plans.odd.limits[0].name: ", "plans.odd.limits[0].unit: ", "plans.odd.limits[0].amount: ",
            "plans.odd.limits[0].window: ", "plans.odd.limits[0].scope: ", "plans.odd.limits[1].name: ",
            "models[0].id: 1 to", "models[0].context_length: ", "models[0].free.plan: is needed", "models[0].flex_percent: ", "models[0].routes: ",
            "models[0].usd_per_million_tokens: ", "models[1].id: must not end", "models[1].usd_per_million_tokens: ",
            "models[1].free.plan: there is no plan 'lost'", "models[1].routes[0].upstream: there is no upstream 'gone'", "models[1].routes[0].model: ",
            "models[2].routes[0].upstream: ", "models: 'twice' is there 2 times", "models[4].id: ",
        ];
        places.ShouldAllBe(place => errors.Any(error => error.StartsWith(place, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{ "version": 2, "models": [] }""", "version: must be 1")]
    [InlineData("""{ "version": 1 }""", "models: at least one is needed")]
    [InlineData("null", "version: must be 1")]
    [InlineData("""{ "version": 1, "models": "all" }""", "$.models: is of another kind than it must be, e.g. a text where a list belongs")]
    [InlineData("""{ "version": 1, "model": [] }""", "$.model: there is no member 'model' here")]
    public void Read_NotACatalogue_SaysSo(string json, string error) => Read(json).Errors.ShouldContain(error);

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "models": [] }""")]
    [InlineData("""{ "version": 1, "modles": [] }""")]
    [InlineData("""{ "version": 1, "plans": { "p": { "limits": [ { "unit": 0 } ] } } }""")]
    [InlineData("""{ "version": 1, "plans": { "p": { "limits": [ { "amount": "ten" } ] } } }""")]
    [InlineData("""{ "version": 1, "plans": { "p": {}, "p": {} } }""")]
    public void Read_NotTheShape_NamesThePlace(string json)
    {
        var (snapshot, errors) = Read(json);

        snapshot.ShouldBeNull();
        errors.ShouldHaveSingleItem().ShouldStartWith("$");
    }

    [Fact]
    public void Read_GoodAfterBad_ForgetsTheErrors()
    {
        var reader = new CatalogueReader(_ => null);
        reader.Read("{"u8).ShouldBeNull();

        reader.Read(Encoding.UTF8.GetBytes(Good)).ShouldNotBeNull();

        reader.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Read_EveryWindowAndScope_CanBeNamed()
    {
        string[] windows = ["minute", "hour", "day", "week", "month", "rolling_30_days", "rolling-30-days", "rolling30_days", "lifetime"];
        var read = windows.Select(window => Read(Good.Replace("\"day\"", $"\"{window}\"", StringComparison.Ordinal)).Snapshot!.Plans.Find("free")!.Limits[0].Limit.Window);
        read.Distinct().Order().ShouldBe(Enum.GetValues<LimitWindow>().Except([LimitWindow.None]));

        string[] scopes =
        [
            "org", "org_model", "org+model", "key", "key_model", "key+model",
            "model_group\", \"models\": [\"*", "model-group\", \"models\": [\"*",
        ];
        foreach (var scope in scopes)
        {
            Read(Good.Replace("\"org_model\"", scope.EndsWith('*') ? $"\"{scope}\"]" : $"\"{scope}\"", StringComparison.Ordinal)).Errors.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Read_ADefaultPlan_IsThatOfBareIds()
    {
        var snapshot = Read(Good.Replace("\"version\": 1,", "\"version\": 1, \"default_plan\": \"free\",", StringComparison.Ordinal)).Snapshot!;

        snapshot.Plans.PlanOf(new Org("acme", "Acme")).Name.ShouldBe("free");
        snapshot.Plans.PlanOf(new Org("acme", "Acme") { Plan = "pay-as-you-go" }).ShouldBe(PlanBook.PayAsYouGo);
    }

    [Fact]
    public void Read_NoDefaultPlan_IsPayAsYouGo() => Read(Good).Snapshot!.Plans.PlanOf(new Org("acme", "Acme")).ShouldBe(PlanBook.PayAsYouGo);

    [Fact]
    public void Read_APresetKnowsTheModel_FillsInWhatTheEntryLeavesOut()
    {
        const string preset = """
            { "version": 1, "preset": "known", "plans": { "other": { "limits": [ { "name": "daily", "unit": "requests", "amount": 1, "window": "day", "scope": "org" } ] } },
              "models": [
                { "id": "demo/echo", "name": "Known", "context_length": 5, "image_tokens": 7, "usd_per_image": 0.25, "usd_per_million_characters": 2, "usd_per_audio_minute": 3, "dialect": "apilaplas", "free": { "enabled": true, "plan": "other" } },
                { "id": "demo/unasked", "context_length": 5 } ] }
            """;
        var json = Good.Replace("\"version\": 1,", "\"version\": 1, \"presets\": [\"known\"],", StringComparison.Ordinal)
            .Replace("\"name\": \"Echo\", ", "", StringComparison.Ordinal);
        var reader = new CatalogueReader(_ => null, name => name is "known" ? Encoding.UTF8.GetBytes(preset) : null);

        var model = reader.Read(Encoding.UTF8.GetBytes(json)).ShouldNotBeNull().Models.All.ShouldHaveSingleItem();

        (model.Name, model.ContextLength, model.FreePlan).ShouldBe(("Known", 1000, "free"));
        (model.ImageTokens, model.NanosPerImage, model.Dialect).ShouldBe((7, 250_000_000, Dialect.Apilaplas));
        (model.Price.CharactersPerMillion, model.Price.AudioMinute).ShouldBe((2_000_000_000, 3_000_000_000));
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("0.01", 10_000_000L)]
    [InlineData("0.1", 100_000_000L)]
    [InlineData("null", null)]
    public void Read_CachedInput_HasItsPrice(string usd, long? nanos) =>
        Read(CachedInput(usd)).Snapshot.ShouldNotBeNull().Models.All[0].Price.CachedInputPerMillion.ShouldBe(nanos);

    [Theory]
    [InlineData("0.11")]
    [InlineData("-1")]
    public void Read_CachedInputThatCostsMoreThanInputOrLessThanNothing_IsAnError(string usd) =>
        Read(CachedInput(usd)).Errors.ShouldContain(error => error.Contains("cached_input", StringComparison.Ordinal));

    private static string CachedInput(string usd) =>
        Good.Replace("\"input\": 0.1,", $"\"input\": 0.1, \"cached_input\": {usd},", StringComparison.Ordinal);

    [Fact]
    public void Read_AModelIsPricedByItsSound_NeedsNoPriceOfTokens()
    {
        var sound = Good.Replace("\"usd_per_million_tokens\": { \"input\": 0.1, \"output\": 0.000000001 }", "\"usd_per_million_characters\": 18.5, \"usd_per_audio_minute\": 0.006", StringComparison.Ordinal);

        Read(sound).Snapshot.ShouldNotBeNull().Models.All[0].Price
            .ShouldBe(new Price(0, 0) { CharactersPerMillion = 18_500_000_000, AudioMinute = 6_000_000 });
    }

    [Theory]
    [InlineData("usd_per_million_characters", "-1", "must be 0 to 1000000 USD")]
    [InlineData("usd_per_million_characters", "1000001", "must be 0 to 1000000 USD")]
    [InlineData("usd_per_audio_minute", "-0.5", "must be 0 to 1000000 USD")]
    [InlineData("usd_per_audio_minute", "0.0000000001", "must be a whole number of 1/1000000000")]
    public void Read_APriceOfSoundIsWrong_IsNamedWithItsPlace(string name, string price, string error) =>
        Read(Good.Replace("\"created\": 5,", $"\"{name}\": {price},", StringComparison.Ordinal)).Errors.ShouldBe([$"models[0].{name}: {error}"]);

    [Fact]
    public void Read_AModelSaysItsRate_ItGoesBeforeThePlans()
    {
        var json = Good.Replace("\"created\": 5,", "\"created\": 5, \"compute_units\": { \"input\": 2.5e0, \"request\": 0.000001 },", StringComparison.Ordinal)
            .Replace("\"limits\": [", "\"rates\": [ { \"request\": 9 } ], \"limits\": [", StringComparison.Ordinal)
            .Replace("2.5e0", "3", StringComparison.Ordinal);

        var (snapshot, errors) = Read(json);

        errors.ShouldBeEmpty();
        snapshot!.Plans.Find("free")!.Rates[0].ShouldSatisfyAllConditions(
            rate => rate.Models.Contains("demo/echo").ShouldBeTrue(),
            rate => rate.Models.Contains("demo/other").ShouldBeFalse(),
            rate => rate.Rate.ShouldBe(new ComputeRate(3, 0, 1)));
    }

    private static byte[]? Preset(string name)
    {
        var path = Path.Combine(RepositoryFolder.Root, "presets", $"{name}.json");
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>The first upstream of the first model that has its key.</summary>
    private static string Called(CatalogueSnapshot snapshot) =>
        snapshot.Models.All[0].Routes.First(route => snapshot.UpstreamOf(route.Upstream).Ready).Upstream;

    private static (CatalogueSnapshot? Snapshot, IReadOnlyList<string> Errors) Read(string json, params (string Name, string Value)[] settings)
    {
        var reader = new CatalogueReader(name => settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault());
        return (reader.Read(Encoding.UTF8.GetBytes(json)), reader.Errors);
    }
}
