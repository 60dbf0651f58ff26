using System.Text;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Catalogue;

public sealed class PlanInheritanceTests
{
    private const string Preset = """
        {
          "version": 1, "preset": "some", "card_needed": false, "hard_stop": true, "terms": "For trying it out.",
          "sources": [ { "id": "page", "document": "A page", "date": "2026", "fact": "Ten." } ],
          "plans": {
            "some": {
              "version": 3, "description": "Some.", "eligible": { "phone_verified": true }, "caps": [ { "output_tokens": 512 } ],
              "limits": [
                { "name": "daily", "unit": "requests", "amount": 10, "amount_setting": "SOME_DAILY", "window": "day", "scope": "org_model",
                  "overflow": ["reject", "next_free"], "source": "page", "verified_on": "2026-08-31" },
                { "name": "minutes", "unit": "tokens", "amount": 5000, "window": "minute", "scope": "org" }
              ]
            }
          }
        }
        """;

    [Fact]
    public void Read_APlanThatExtendsAPresets_HasItsFieldsAndThoseOfTheOther()
    {
        var plan = Read("""
            "mine": { "extends": "some", "description": "Mine.", "caps": [],
              "limits": [ { "name": "daily", "amount": 25 }, { "name": "hourly", "unit": "requests", "amount": 3, "window": "hour", "scope": "org" } ] }
            """).Find("mine")!;

        (plan.Description, plan.Version, plan.Caps.Count).ShouldBe(("Mine.", 3, 0));
        plan.Eligible.ShouldBe(new Condition { PhoneVerified = true });
        plan.Limits.Select(limit => limit.Limit).ShouldBe(
        [
            new Limit("daily", LimitUnit.Requests, 25, LimitWindow.Day, LimitScope.OrgModel),
            new Limit("minutes", LimitUnit.Tokens, 5000, LimitWindow.Minute, LimitScope.Org),
            new Limit("hourly", LimitUnit.Requests, 3, LimitWindow.Hour, LimitScope.Org),
        ]);
        plan.Limits[0].Overflow.ShouldBe([Overflow.Reject, Overflow.NextFree]);
        plan.Sources.ShouldHaveSingleItem().Document.ShouldBe("A page");
        plan.Offer.ShouldBe(new OfferTerms(false, true, "For trying it out."));
    }

    [Fact]
    public void Read_APlanThatExtendsThePresetsOfItsName_TakesItsPlace()
    {
        var plans = Read("""
            "some": { "extends": "some", "limits": [ { "name": "daily", "window": "day", "time_zone": "Asia/Shanghai" } ] }
            """);

        var daily = plans.All.ShouldHaveSingleItem().Limits[0].Limit;
        (daily.Amount, daily.Zone.Id).ShouldBe((10, "Asia/Shanghai"));
    }

    [Fact]
    public void Read_TheSettingOfAnExtendedLimit_GoesBeforeBothAmounts() =>
        Read("""
            "mine": { "extends": "some", "limits": [ { "name": "daily", "amount": 25 } ] }
            """, ("SOME_DAILY", "7")).Find("mine")!.Limits[0].Limit.Amount.ShouldBe(7);

    [Fact]
    public void Read_WithoutALimit_TheOthersAreThere() =>
        Read("""
            "mine": { "extends": "some", "without_limits": ["daily"] }
            """).Find("mine")!.Limits.ShouldHaveSingleItem().Limit.Name.ShouldBe("minutes");

    [Fact]
    public void Read_AChainOfPlans_EachAddsItsOwn()
    {
        var plans = Read("""
            "third": { "extends": "second", "limits": [ { "name": "minutes", "amount": 6000 } ] },
            "second": { "extends": "some", "limits": [ { "name": "daily", "amount": 20 } ] }
            """);

        plans.Find("third")!.Limits.Select(limit => limit.Limit.Amount).ShouldBe([20, 6000]);
        plans.Find("some")!.Limits.Select(limit => limit.Limit.Amount).ShouldBe([10, 5000]);
    }

    [Theory]
    [InlineData("""  "mine": { "extends": "lost" } """, "plans.mine.extends: there is no plan 'lost'")]
    [InlineData("""  "mine": { "extends": "mine" } """, "plans.mine.extends: there is no other plan 'mine'")]
    [InlineData(
        """  "a": { "extends": "b" }, "b": { "extends": "c" }, "c": { "extends": "a" } """,
        "plans.a.extends: goes round in a circle: a → b → c → a")]
    [InlineData(
        """  "some": { "limits": [ { "name": "a", "unit": "requests", "amount": 1, "window": "day", "scope": "org" } ] } """,
        "presets/some.json: plans.some: another plan has this name: plans.some")]
    [InlineData("""  "mine": { "extends": "some", "without_limits": ["weekly"] } """, "plans.mine.without_limits[0]: the plan 'some' has no limit 'weekly'")]
    [InlineData(
        """  "mine": { "without_limits": ["daily"], "limits": [ { "name": "a", "unit": "requests", "amount": 1, "window": "day", "scope": "org" } ] } """,
        "plans.mine.without_limits: is for plans that extend another")]
    [InlineData("""  "mine": { "extends": "some", "limits": [ { "name": "daily", "unit": "wishes" } ] } """, "plans.mine.limits[0].unit: must be one of")]
    public void Read_SomethingWrong_IsNamedWithItsPlace(string plans, string error)
    {
        var reader = Reader();

        reader.Read(Catalogue(plans)).ShouldBeNull();

        reader.Errors.ShouldContain(found => found.StartsWith(error, StringComparison.Ordinal), string.Join('\n', reader.Errors));
    }

    [Fact]
    public void Read_ACatalogueWithWhatIsForPresets_SaysSo()
    {
        var reader = Reader();
        var catalogue = Encoding.UTF8.GetString(Catalogue("")).Replace("{ \"version\": 1,", "{ \"version\": 1, \"hard_stop\": true,", StringComparison.Ordinal);

        reader.Read(Encoding.UTF8.GetBytes(catalogue)).ShouldBeNull();

        reader.Errors.ShouldHaveSingleItem().ShouldBe("hard_stop: is for presets");
    }

    private static PlanBook Read(string plans, params (string Name, string Value)[] settings)
    {
        var reader = Reader(settings);
        var snapshot = reader.Read(Catalogue(plans));
        reader.Errors.ShouldBeEmpty();
        return snapshot!.Plans;
    }

    private static CatalogueReader Reader(params (string Name, string Value)[] settings) => new(
        name => settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault(),
        name => name is "some" ? Encoding.UTF8.GetBytes(Preset) : null);

    private static byte[] Catalogue(string plans) => Encoding.UTF8.GetBytes($$"""
        { "version": 1, "presets": ["some"], "plans": { {{plans}} }, "upstreams": { "loopback": { "base_url": "http://127.0.0.1:1/v1" } },
          "models": [ { "id": "demo/echo", "context_length": 1000, "usd_per_million_tokens": { "input": 0, "output": 0 },
            "routes": [ { "upstream": "loopback", "model": "echo" } ] } ] }
        """);
}
