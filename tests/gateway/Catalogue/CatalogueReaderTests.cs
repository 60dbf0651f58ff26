using System.Text;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Policies;
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
        snapshot.Router.Choose(model)!.Upstream.ShouldBe("loopback");
    }

    [Fact]
    public void Read_AKeyIsSet_ItsUpstreamIsReady()
    {
        var snapshot = Read(Good, ("FAR_KEY", "secret")).Snapshot!;

        snapshot.Router.Choose(snapshot.Models.All[0])!.Upstream.ShouldBe("far");
        snapshot.Router["far"].ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void Read_ASettingNamesAnotherAddress_ItGoesFirst() =>
        Read(Good, ("Freeway:Upstreams:loopback:BaseUrl", "http://127.0.0.1:9/v1")).Snapshot!.Router["loopback"].BaseUrl.Port.ShouldBe(9);

    [Fact]
    public void Read_TheRepositorysCatalogue_IsGood()
    {
        var (snapshot, errors) = Read(File.ReadAllText(Path.Combine(RepositoryFolder.Root, "catalogue.json")));

        errors.ShouldBeEmpty();
        snapshot!.Models.All.Select(model => model.Id).ShouldContain("demo/echo");
    }

    [Fact]
    public void Read_ManyErrors_AreNamedAllAtOnceWithTheirPlaces()
    {
        var (snapshot, errors) = Read("""
            {
              "version": 1,
              "upstreams": { "Bad Name": { "base_url": "http://api.example.com" }, "none": {} },
              "plans": { "empty": { "limits": [] }, "odd": { "limits": [ { "name": "A", "unit": "tokens", "amount": 0 }, null ] } },
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
    public void Read_NotACatalogue_SaysSo(string json, string error) => Read(json).Errors.ShouldContain(error);

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "models": [] }""")]
    [InlineData("""{ "version": 1, "modles": [] }""")]
    [InlineData("""{ "version": 1, "plans": { "p": { "limits": [ { "unit": 0 } ] } } }""")]
    [InlineData("""{ "version": 1, "plans": { "p": { "limits": [ { "unit": "wishes" } ] } } }""")]
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
        var names = Enum.GetValues<LimitWindow>().Select(window => $"\"{SnakeCase(window.ToString())}\"");
        foreach (var name in names)
        {
            Read(Good.Replace("\"day\"", name, StringComparison.Ordinal)).Errors.ShouldBeEmpty();
        }

        foreach (var scope in Enum.GetValues<LimitScope>())
        {
            Read(Good.Replace("\"org_model\"", $"\"{SnakeCase(scope.ToString())}\"", StringComparison.Ordinal)).Errors.ShouldBeEmpty();
        }
    }

    private static string SnakeCase(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static (CatalogueSnapshot? Snapshot, IReadOnlyList<string> Errors) Read(string json, params (string Name, string Value)[] settings)
    {
        var reader = new CatalogueReader(name => settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault());
        return (reader.Read(Encoding.UTF8.GetBytes(json)), reader.Errors);
    }
}
