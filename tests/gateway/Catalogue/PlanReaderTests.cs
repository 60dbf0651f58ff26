using System.Text;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Catalogue;

public sealed class PlanReaderTests
{
    private const string Daily = """{ "name": "daily", "unit": "requests", "amount": 10, "window": "day", "scope": "org_model" }""";

    [Fact]
    public void Read_APlanWithEverything_HoldsAllOfIt()
    {
        var plan = Plan("""
            {
              "version": 3, "description": "All of it", "billing": "prepaid", "models": ["demo/*"],
              "sources": [ { "document": "A page", "date": "2026-01-31", "url": "https://example.com/limits", "fact": "Ten a day." } ],
              "eligible": { "premium": true, "phone_verified": true, "never_paid": false, "purchased_at_least_usd": 10.5, "user_tier": "pro" },
              "limits": [
                { "name": "gift", "unit": "usd", "amount_setting": "GIFT_USD", "at_most": 7, "window": "rolling_30_days", "scope": "model_group", "models": ["demo/echo"],
                  "when": { "never_paid": true }, "amounts": [ { "when": { "user_tier": "pro" }, "amount": 2.000000001 } ], "overflow": ["bill", "reject", "next_free"] },
                { "name": "one-at-a-time", "unit": "concurrent_requests", "amount": 1, "scope": "key_model" },
                { "name": "neurons", "unit": "compute_units", "amount": 0.5, "window": "minute", "scope": "org" }
              ],
              "caps": [ { "models": ["demo/e*"], "output_tokens": 512, "context_tokens": 54000, "image_input": false, "images": 1, "image_sizes": ["512x512"], "image_tokens": 9 } ],
              "rates": [ { "models": ["demo/echo"], "input": 25608, "output": 75147, "request": 1.5 } ],
              "charge_rejected": false, "dialect": "apilaplas", "purchases": { "least_usd": 5, "premium_from_usd": 7.5 }
            }
            """, ("GIFT_USD", "1.25"));

        (plan.Version, plan.Description, plan.Billing, plan.ChargeRejected, plan.Dialect).ShouldBe((3, "All of it", Billing.Prepaid, false, Dialect.Apilaplas));
        plan.Purchases.ShouldBe(new PurchaseRules(5_000_000_000, 7_500_000_000));
        plan.Models.Patterns.ShouldBe(["demo/*"]);
        plan.Sources.ShouldHaveSingleItem().ShouldBe(new PlanSource("A page", "2026-01-31", new Uri("https://example.com/limits"), "Ten a day."));
        plan.Eligible.ShouldBe(new Condition { Premium = true, PhoneVerified = true, NeverPaid = false, PurchasedAtLeastNanos = 10_500_000_000, UserTier = "pro" });
        plan.Limits.Select(limit => limit.Limit).ShouldBe(
        [
            new Limit("gift", LimitUnit.NanoDollars, 1_250_000_000, LimitWindow.Rolling30Days, LimitScope.ModelGroup),
            new Limit("one-at-a-time", LimitUnit.ConcurrentRequests, 1, LimitWindow.None, LimitScope.KeyModel),
            new Limit("neurons", LimitUnit.MicroUnits, 500_000, LimitWindow.Minute, LimitScope.Org),
        ]);
        plan.Limits[0].When.ShouldBe(new Condition { NeverPaid = true });
        plan.Limits[0].Amounts.ShouldHaveSingleItem().ShouldBe(new ConditionalAmount(new Condition { UserTier = "pro" }, 2_000_000_001));
        plan.Limits[0].Overflow.ShouldBe([Overflow.Bill, Overflow.Reject, Overflow.NextFree]);
        plan.Limits[1].Overflow.ShouldBe([Overflow.Reject]);
        plan.Caps.ShouldHaveSingleItem().Caps.ShouldSatisfyAllConditions(
            caps => (caps.OutputTokens, caps.ContextTokens, caps.ImageInput, caps.Images, caps.ImageTokens).ShouldBe((512, 54_000, false, 1, 9)),
            caps => caps.ImageSizes.ShouldBe(["512x512"]));
        plan.Rates.ShouldHaveSingleItem().Rate.ShouldBe(new ComputeRate(25_608, 75_147, 1_500_000));
    }

    [Fact]
    public void Read_ASettingIsNotSet_TheFilesAmountHolds() =>
        Plan(Limit("\"amount\": 10", "\"amount\": 10, \"amount_setting\": \"DAILY\"")).Limits[0].Limit.Amount.ShouldBe(10);

    [Fact]
    public void Read_ASettingIsSet_OverrulesTheFile() =>
        Plan(Limit("\"amount\": 10", "\"amount\": 10, \"amount_setting\": \"DAILY\""), ("DAILY", "25")).Limits[0].Limit.Amount.ShouldBe(25);

    [Fact]
    public void Read_ASettingIsNamedAsInAnEnvironment_IsFound() =>
        Plan(Limit("\"amount\": 10", "\"amount_setting\": \"Freeway__Daily\""), ("Freeway:Daily", "7")).Limits[0].Limit.Amount.ShouldBe(7);

    [Theory]
    [InlineData("\"day\"", "day", "UTC")]
    [InlineData("\"day\", \"time_zone\": \"UTC\"", "day", "UTC")]
    [InlineData("\"day\", \"time_zone\": \"America/Los_Angeles\"", "day", "America/Los_Angeles")]
    [InlineData("\"month\", \"time_zone\": \"America/Argentina/Buenos_Aires\"", "month", "America/Argentina/Buenos_Aires")]
    public void Read_ATimeZone_IsThatOfTheWindow(string written, string window, string zone)
    {
        var limit = Plan(Limit("\"day\"", written)).Limits[0].Limit;

        (limit.Window.WireName(), limit.Zone.Id).ShouldBe((window, zone));
    }

    [Theory]
    [InlineData("end-user", LimitScope.EndUser)]
    [InlineData("end_user", LimitScope.EndUser)]
    [InlineData("end-user+model", LimitScope.EndUserModel)]
    [InlineData("end_user_model", LimitScope.EndUserModel)]
    public void Read_TheScopeOfEndUsers_IsReadInBothSpellings(string written, LimitScope scope) =>
        Plan(Limit("\"org_model\"", $"\"{written}\"")).Limits[0].Limit.Scope.ShouldBe(scope);

    [Fact]
    public void Read_ANeededSettingIsMissing_NamesItsPlanAndLimit() =>
        Errors(Limit("\"amount\": 10", "\"amount_setting\": \"DAILY\"")).ShouldHaveSingleItem()
            .ShouldBe("plans.p.limits[0].amount_setting: the setting DAILY is needed: it is the amount of the limit 'daily' of the plan 'p'");

    /// <summary>What is put in the place of <c>what</c> in a good plan, and the one error that it gives.</summary>
    [Theory]
    [InlineData("\"daily\"", "\"Daily\"", "limits[0].name: must be lower-case letters")]
    [InlineData("\"requests\"", "\"wishes\"", "limits[0].unit: must be one of requests, tokens, input_tokens, output_tokens, compute_units, usd, images, characters, seconds, concurrent_requests, not 'wishes'")]
    [InlineData("\"day\"", "\"none\"", "limits[0].window: must be one of minute, hour,")]
    [InlineData("\"org_model\"", "\"OrgModel\"", "limits[0].scope: must be one of org, org_model, key, key_model, model_group, end_user, end_user_model, not 'OrgModel'")]
    [InlineData("\"org_model\"", "\"model_group\"", "limits[0].models: must name the models that share")]
    [InlineData("\"requests\"", "\"end_user_rows\"", "limits[0].unit: must be one of requests, tokens,")]
    [InlineData("\"day\", \"scope\": \"org_model\"", "\"lifetime\", \"scope\": \"end-user\"", "limits[0].window: must come to an end for the scopes of end users")]
    [InlineData("\"day\", \"scope\": \"org_model\"", "\"lifetime\", \"scope\": \"end-user+model\"", "limits[0].window: must come to an end for the scopes of end users")]
    [InlineData("\"amount\": 10", "\"amount\": 0", "limits[0].amount: must be above 0")]
    [InlineData("\"amount\": 10", "\"at_most\": 5", "limits[0].amount: must be above 0")]
    [InlineData("\"amount\": 10", "\"amount\": 10, \"at_most\": 5", "limits[0].amount: must be at most 5")]
    [InlineData("\"amount\": 10", "\"amount\": 10, \"at_most\": 0", "limits[0].at_most: must be above 0|limits[0].amount: must be at most 0")]
    [InlineData("\"amount\": 10", "\"amount\": 1.5", "limits[0].amount: must be a whole number")]
    [InlineData("\"amount\": 10", "\"amount\": 9223372036854775808", "limits[0].amount: must be at most 9223372036854775807")]
    [InlineData("\"requests\", \"amount\": 10", "\"usd\", \"amount\": 0.0000000001", "limits[0].amount: must be a whole number of 1/1000000000")]
    [InlineData("\"requests\", \"amount\": 10", "\"usd\", \"amount\": 9223372037", "limits[0].amount: must be at most 9223372036")]
    [InlineData("\"amount\": 10", "\"amount\": 10, \"amount_setting\": \"\"", "limits[0].amount_setting: must name a setting")]
    [InlineData("\"amount\": 10", "\"amount_setting\": \"WORDS\"", "limits[0].amount_setting: the setting WORDS: must be a number, not 'ten'")]
    [InlineData("\"amount\": 10", "\"amount_setting\": \"MANY\", \"at_most\": 5000", "limits[0].amount_setting: the setting MANY: must be at most 5000")]
    [InlineData("\"amount\": 10", "\"amount_setting\": \"NONE\"", "limits[0].amount_setting: the setting NONE: must be above 0")]
    [InlineData("\"amount\": 10, \"window\": \"day\"", "\"amount\": 10", "limits[0].window: must be one of")]
    [InlineData("\"requests\"", "\"concurrent_requests\"", "limits[0].window: must be left out")]
    [InlineData("\"day\"", "\"day\", \"time_zone\": \"America/Atlantis\"", "limits[0].time_zone: there is no time zone 'America/Atlantis': it must be an IANA name")]
    [InlineData("\"day\"", "\"day\", \"time_zone\": \"../../etc/localtime\"", "limits[0].time_zone: there is no time zone")]
    [InlineData("\"day\"", "\"day\", \"time_zone\": \"Pacific Standard Time\"", "limits[0].time_zone: there is no time zone")]
    [InlineData("\"day\"", "\"day\", \"time_zone\": \"\"", "limits[0].time_zone: there is no time zone")]
    [InlineData("\"day\"", "\"minute\", \"time_zone\": \"Asia/Tokyo\"", "limits[0].time_zone: is for windows of a day, a week or a month")]
    [InlineData("\"org_model\"", "\"org_model\", \"source\": \"page\"", "limits[0].source: there is no source whose id is 'page'")]
    [InlineData("\"org_model\"", "\"org_model\", \"verified_on\": \"2026-02-30\"", "limits[0].verified_on: must be a date such as 2026-01-31 or 2026-01")]
    [InlineData("\"limits\"", "\"rates\": [ { \"input\": 1, \"source\": \"page\" } ], \"limits\"", "rates[0].source: there is no source")]
    [InlineData("\"limits\"", "\"purchases\": { \"least_usd\": 1, \"verified_on\": \"now\" }, \"limits\"", "purchases.verified_on: must be a date")]
    [InlineData("\"limits\"", "\"caps\": [ { \"images\": 1, \"source\": \"page\" } ], \"limits\"", "caps[0].source: there is no source")]
    [InlineData("\"limits\"", "\"caps\": [ { \"verified_on\": \"2026-01-31\" } ], \"limits\"", "caps[0]: must bound something")]
    [InlineData("\"requests\", \"amount\": 10, \"window\": \"day\"", "\"concurrent_requests\", \"amount\": 101", "limits[0].amount: must be at most 100")]
    [InlineData("\"org_model\"", "\"org_model\", \"when\": {}", "limits[0].when: must ask for something")]
    [InlineData("\"org_model\"", "\"org_model\", \"when\": { \"user_tier\": \"\" }", "limits[0].when.user_tier: must not be empty")]
    [InlineData("\"org_model\"", "\"org_model\", \"when\": { \"purchased_at_least_usd\": -1 }", "limits[0].when.purchased_at_least_usd: must be 0 to")]
    [InlineData("\"org_model\"", "\"org_model\", \"amounts\": [ { \"amount\": 5 } ]", "limits[0].amounts[0].when: must say for whom")]
    [InlineData("\"org_model\"", "\"org_model\", \"amounts\": [ { \"when\": { \"premium\": true } } ]", "limits[0].amounts[0].amount: must be above 0")]
    [InlineData("\"org_model\"", "\"org_model\", \"amounts\": [ { \"when\": {}, \"amount\": 5 } ]", "limits[0].amounts[0].when: must ask for something")]
    [InlineData("\"org_model\"", "\"org_model\", \"overflow\": []", "limits[0].overflow: must name at least one")]
    [InlineData("\"org_model\"", "\"org_model\", \"overflow\": [\"reject\", \"reject\"]", "limits[0].overflow: must name each way once")]
    [InlineData("\"org_model\"", "\"org_model\", \"overflow\": [\"beg\"]", "limits[0].overflow[0]: must be one of reject, next_free, bill, not 'beg'")]
    [InlineData("\"requests\", \"amount\": 10, \"window\": \"day\", \"scope\": \"org_model\"", "\"tokens\", \"amount\": 10, \"window\": \"day\", \"scope\": \"org_model\", \"overflow\": [\"bill\"]", "limits[0].overflow: bill needs a plan whose billing")]
    [InlineData("\"org_model\"", "\"org_model\", \"models\": []", "limits[0].models: must name models")]
    [InlineData("\"org_model\"", "\"org_model\", \"models\": [\"a?\"]", "limits[0].models: must name models")]
    [InlineData("\"org_model\"", "\"org_model\", \"models\": [\"!a\"]", "limits[0].models: must name a model that is meant")]
    [InlineData("\"limits\"", "\"billing\": \"barter\", \"limits\"", "billing: must be one of free, prepaid, postpaid, not 'barter'")]
    [InlineData("\"limits\"", "\"dialect\": \"klingon\", \"limits\"", "dialect: must be one of openai, apilaplas, not 'klingon'")]
    [InlineData("\"limits\"", "\"version\": 0, \"limits\"", "version: must be at least 1")]
    [InlineData("\"limits\"", "\"eligible\": {}, \"limits\"", "eligible: must ask for something")]
    [InlineData("\"limits\"", "\"caps\": [ {} ], \"limits\"", "caps[0]: must bound something")]
    [InlineData("\"limits\"", "\"caps\": [ { \"images\": 0 } ], \"limits\"", "caps[0].images: must be at least 1")]
    [InlineData("\"limits\"", "\"caps\": [ { \"image_sizes\": [\"big\"] } ], \"limits\"", "caps[0].image_sizes: must be sizes")]
    [InlineData("\"limits\"", "\"caps\": [ { \"image_sizes\": [\"1x1\"] }, { \"image_sizes\": [\"2x2\"] } ], \"limits\"", "caps: no image size is left for the model 'demo/echo'")]
    [InlineData("\"limits\"", "\"rates\": [ {} ], \"limits\"", "rates[0]: must say what is taken")]
    [InlineData("\"limits\"", "\"rates\": [ { \"input\": 1.5 } ], \"limits\"", "rates[0].input: must be a whole number")]
    [InlineData("\"limits\"", "\"rates\": [ { \"request\": 0.0000001 } ], \"limits\"", "rates[0].request: must be a whole number of 1/1000000")]
    [InlineData("\"limits\"", "\"rates\": [ { \"output\": -1 } ], \"limits\"", "rates[0].output: must be 0 to")]
    [InlineData("\"requests\"", "\"compute_units\"", "rates: there is none for the model 'demo/echo'")]
    [InlineData("\"limits\"", "\"purchases\": { \"least_usd\": 0 }, \"limits\"", "purchases.least_usd: must be above 0")]
    [InlineData("\"limits\"", "\"purchases\": { \"premium_from_usd\": 0 }, \"limits\"", "purchases.premium_from_usd: must be above 0")]
    [InlineData("\"limits\"", "\"sources\": [ { \"document\": \"d\", \"date\": \"January\", \"fact\": \"f\" } ], \"limits\"", "sources[0].date: must be a date")]
    [InlineData("\"limits\"", "\"sources\": [ { \"document\": \" \", \"date\": \"2026-01\", \"url\": \"here\" } ], \"limits\"", "sources[0].document: is needed|sources[0].fact: is needed|sources[0].url: must be an absolute URL")]
    [InlineData("[", "[ null, ", "limits[0].name: must be|limits[0].unit: must be|limits[0].amount: must be|limits[0].window: must be|limits[0].scope: must be")]
    public void Read_OneThingWrong_IsNamedWithItsPlace(string what, string instead, string errors) =>
        Errors(Limit(what, instead), ("WORDS", "ten"), ("MANY", "5001"), ("NONE", "0")).ShouldSatisfyAllConditions(
            found => found.Count.ShouldBe(errors.Split('|').Length, string.Join('\n', found)),
            found => errors.Split('|').ShouldAllBe(error => found.Any(line => line.StartsWith("plans.p." + error, StringComparison.Ordinal)), string.Join('\n', found)));

    [Fact]
    public void Read_AFreePlanWithoutLimits_IsRefused() => Errors("""{ "limits": [] }""", Billed).ShouldContain("plans.p.limits: at least one is needed where nobody pays");

    [Fact]
    public void Read_APaidPlanWithoutLimits_IsGood() => Plan("""{ "billing": "prepaid" }""", Billed).Limits.ShouldBeEmpty();

    [Theory]
    [InlineData("requests")]
    [InlineData("input_tokens")]
    [InlineData("images")]
    public void Read_AGiftThatCannotBeBilledBeyond_IsRefused(string unit) =>
        Errors($$"""{ "billing": "prepaid", "limits": [ { "name": "gift", "unit": "{{unit}}", "amount": 1, "window": "day", "scope": "org", "overflow": ["reject", "bill"] } ] }""", Billed)
            .ShouldHaveSingleItem().ShouldBe("plans.p.limits[0].overflow: bill is for limits of tokens or usd");

    [Fact]
    public void Read_GiftsOfTwoUnits_AreRefused() => Errors("""
        { "billing": "prepaid", "limits": [
          { "name": "a", "unit": "tokens", "amount": 1, "window": "day", "scope": "org", "overflow": ["bill"] },
          { "name": "b", "unit": "usd", "amount": 1, "window": "day", "scope": "org", "overflow": ["bill"] } ] }
        """, Billed).ShouldHaveSingleItem().ShouldStartWith("plans.p.limits: gifts");

    [Fact]
    public void Read_TwoLimitsOfOneName_AreRefused() => Errors($$"""{ "limits": [ {{Daily}}, {{Daily}} ] }""").ShouldHaveSingleItem().ShouldBe("plans.p.limits: names must differ");

    [Fact]
    public void Read_AModelsFreePlanBills_IsRefused() =>
        Errors($$"""{ "billing": "postpaid", "limits": [ {{Daily}} ] }""").ShouldHaveSingleItem().ShouldBe("models[0].free.plan: the plan 'p' bills, and :free never touches credits");

    [Fact]
    public void Read_AModelsFreePlanIsForOthers_IsRefused() =>
        Errors($$"""{ "models": ["other"], "limits": [ {{Daily}} ] }""").ShouldHaveSingleItem().ShouldBe("models[0].free.plan: the plan 'p' is not for this model");

    [Fact]
    public void Read_AModelsFreePlanDoesNotBoundIt_IsRefused() =>
        Errors(Limit("\"org_model\"", "\"org_model\", \"models\": [\"other\"]")).ShouldHaveSingleItem().ShouldBe("models[0].free.plan: the plan 'p' has no limit for this model");

    [Fact]
    public void Read_TheNameOfTheCeilings_IsRefused() =>
        Read($$"""{ "version": 1, "plans": { "ceiling": { "limits": [ {{Daily}} ] } }, {{Rest.Replace("\"p\"", "\"ceiling\"", StringComparison.Ordinal)}} }""")
            .Errors.ShouldHaveSingleItem().ShouldStartWith("plans.ceiling: this name is taken");

    /// <summary>A good plan with something else in one place.</summary>
    private static string Limit(string what, string instead)
    {
        var good = $$"""{ "limits": [{{Daily}}] }""";
        good.ShouldContain(what);
        var at = good.IndexOf(what, StringComparison.Ordinal);
        return good[..at] + instead + good[(at + what.Length)..];
    }

    private static readonly (string Name, string Value) Billed = ("free", "none");

    private const string Rest = """
        "upstreams": { "loopback": { "base_url": "http://127.0.0.1:1/v1" } },
        "models": [ { "id": "demo/echo", "context_length": 1000, "usd_per_million_tokens": { "input": 0, "output": 0 },
          "free": { "enabled": true, "plan": "p" }, "routes": [ { "upstream": "loopback", "model": "echo" } ] } ]
        """;

    private static Plan Plan(string plan, params (string Name, string Value)[] settings)
    {
        // A plan that bills is nobody's :free.
        var (snapshot, errors) = Read(Around(plan, settings.Contains(Billed) || plan.Contains("prepaid", StringComparison.Ordinal)), settings);
        errors.ShouldBeEmpty();
        return snapshot!.Plans.Find("p")!;
    }

    private static IReadOnlyList<string> Errors(string plan, params (string Name, string Value)[] settings) => Read(Around(plan, settings.Contains(Billed)), settings).Errors;

    private static string Around(string plan, bool billed) =>
        $$"""{ "version": 1, "plans": { "p": {{plan}} }, {{(billed ? Rest.Replace("\"free\": { \"enabled\": true, \"plan\": \"p\" },", "", StringComparison.Ordinal) : Rest)}} }""";

    private static (CatalogueSnapshot? Snapshot, IReadOnlyList<string> Errors) Read(string json, params (string Name, string Value)[] settings)
    {
        var reader = new CatalogueReader(name => settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault());
        return (reader.Read(Encoding.UTF8.GetBytes(json)), reader.Errors);
    }
}
