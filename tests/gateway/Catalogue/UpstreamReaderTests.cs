using System.Text;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Catalogue;

public sealed class UpstreamReaderTests
{
    private const string Good = """
        {
          "version": 1, "preset": "some", "description": "Some.", "naming": "author/model",
          "sources": [ { "document": "A page", "date": "2026", "fact": "Ten." } ],
          "base_url": "https://{SOME_HOST}/v1/", "key_setting": "SOME_KEY", "auth": { "header": "X-Some-Key" },
          "surfaces": ["chat/completions"], "models_path": "models", "key_path": "key",
          "limits": [
            { "name": "daily", "unit": "requests", "amount": 10, "amount_setting": "SOME_DAILY", "at_most": 20, "window": "day", "scope": "upstream", "models": ["*:free"] },
            { "name": "units", "unit": "compute_units", "amount": 0.5, "window": "minute", "scope": "upstream", "models": ["big"] },
            { "name": "gift", "unit": "tokens", "amount_setting": "SOME_GIFT", "window": "day", "scope": "upstream", "models": ["gifted"] }
          ],
          "rates": [ { "models": ["big"], "input": 1 } ],
          "quirks": [ { "surfaces": ["chat/completions"], "models": ["o*"], "drop": ["logit_bias"], "rename": { "max_completion_tokens": "max_tokens" } } ],
          "rate_limit_headers": [ { "unit": "tokens", "window": "minute", "limit": "X-Limit", "remaining": "x-left", "reset": "x-reset", "reset_form": "go_duration" } ]
        }
        """;

    [Fact]
    public void Read_AnUpstreamOfAPreset_HasAllOfIt()
    {
        var upstream = Read("""{ "preset": "some" }""", settings: [("SOME_KEY", "s3cret"), ("SOME_HOST", "api.some.example")]).ShouldNotBeNull();

        (upstream.Ready, upstream.ApiKey, upstream.Preset).ShouldBe((true, "s3cret", "some"));
        upstream.BaseUrl.ShouldBe(new Uri("https://api.some.example/v1"));
        upstream.Auth.ShouldBe(new UpstreamAuth("x-some-key", null));
        upstream.Sources.ShouldHaveSingleItem().Fact.ShouldBe("Ten.");
        (upstream.Serves(Surface.ChatCompletions), upstream.Serves(Surface.Embeddings)).ShouldBe((true, false));
        (upstream.ModelsPath, upstream.KeyPath, upstream.Naming).ShouldBe(("models", "key", "author/model"));
        upstream.Limits.Select(limit => limit.Limit).ShouldBe(
        [
            new Limit("daily", LimitUnit.Requests, 10, LimitWindow.Day, LimitScope.Upstream),
            new Limit("units", LimitUnit.MicroUnits, 500_000, LimitWindow.Minute, LimitScope.Upstream),
        ]);
        upstream.Limits[0].Models.Contains("a/b:free").ShouldBeTrue();
        upstream.Rates.ShouldHaveSingleItem().Rate.PerInputToken.ShouldBe(1);
        var quirk = upstream.Quirks.ShouldHaveSingleItem();
        (quirk.IsFor(Surface.ChatCompletions, "o1"), quirk.IsFor(Surface.ChatCompletions, "x"), quirk.IsFor(Surface.Completions, "o1")).ShouldBe((true, false, false));
        quirk.Rename["max_completion_tokens"].ShouldBe("max_tokens");
        upstream.RateLimitHeaders.ShouldHaveSingleItem()
            .ShouldBe(new RateLimitHeaders(LimitUnit.Tokens, LimitWindow.Minute, "x-limit", "x-left", "x-reset", ResetForm.GoDuration));
    }

    [Fact]
    public void Read_WhatTheCatalogueSays_GoesBeforeThePreset()
    {
        var upstream = Read(
            """{ "preset": "some", "base_url": "https://other.example/v2", "key_setting": "OTHER_KEY", "auth": { "header": "authorization", "scheme": "Token" }, "limits": [], "quirks": [] }""",
            settings: [("OTHER_KEY", "k")]).ShouldNotBeNull();

        (upstream.BaseUrl.Host, upstream.Ready, upstream.Limits.Count, upstream.Quirks.Count).ShouldBe(("other.example", true, 0, 0));
        upstream.Auth.Value("k").ShouldBe("Token k");
        upstream.Naming.ShouldBe("author/model");
    }

    [Fact]
    public void Read_NoKeyIsSet_ItIsNotReadyAndNothingElseIsNeeded()
    {
        var upstream = Read("""{ "preset": "some" }""", model: "gifted").ShouldNotBeNull();

        (upstream.Ready, upstream.ApiKey).ShouldBe((false, null));
        upstream.BaseUrl.Host.ShouldBe("unknown.invalid");
        upstream.Limits.Count.ShouldBe(2);
    }

    [Fact]
    public void Read_ASettingIsNeededAndMissing_ItsPlaceAndUseAreNamed() =>
        Errors("""{ "preset": "some" }""", model: "gifted", settings: [("SOME_KEY", "k")]).ShouldBe(
        [
            "presets/upstreams/some.json: base_url: the setting SOME_HOST is needed: it is part of the address",
            "presets/upstreams/some.json: limits[2].amount_setting: the setting SOME_GIFT is needed: it is the amount of the limit 'gift' of the upstream 'one'",
        ]);

    [Fact]
    public void Read_AnAmountIsSet_ItGoesFirst() =>
        Read("""{ "preset": "some" }""", settings: [("SOME_DAILY", "20")]).ShouldNotBeNull().Limits[0].Limit.Amount.ShouldBe(20);

    [Fact]
    public void Read_TwoUpstreamsOfOnePreset_HaveKeysOfTheirOwn()
    {
        var reader = Reader([("SOME_KEY", "first"), ("SOME_KEY_2", "second"), ("SOME_HOST", "some.example")]);

        var snapshot = reader.Read(Catalogue("""{ "preset": "some" }""", """, "two": { "preset": "some", "key_setting": "SOME_KEY_2" }"""));

        reader.Errors.ShouldBeEmpty();
        snapshot!.Upstreams.Select(upstream => upstream.ApiKey).ShouldBe(["first", "second"]);
    }

    [Fact]
    public void Read_TwoUpstreamsOfOneAccount_ShareTheirLimitsInTheLedger()
    {
        var reader = Reader([("SOME_KEY", "first"), ("SOME_KEY_2", "second"), ("SOME_HOST", "some.example")]);

        var snapshot = reader.Read(Catalogue(
            """{ "preset": "some", "account": "ours" }""",
            """, "two": { "preset": "some", "key_setting": "SOME_KEY_2", "account": "ours" }, "three": { "preset": "some" }"""));

        reader.Errors.ShouldBeEmpty();
        snapshot!.UpstreamOf("two").KeyId.ShouldBe(snapshot.UpstreamOf("one").KeyId);
        snapshot.UpstreamOf("three").KeyId.ShouldNotBe(snapshot.UpstreamOf("one").KeyId);
        snapshot.UpstreamOf("two").EndpointId.ShouldNotBe(snapshot.UpstreamOf("one").EndpointId, "a key that fails says nothing of another");
    }

    [Fact]
    public void Read_AnAccountWithTwoAmountsOfOneLimit_IsRefused()
    {
        var reader = Reader([("SOME_KEY", "first"), ("SOME_HOST", "some.example")]);
        const string more = """{ "name": "daily", "unit": "requests", "amount": 11, "window": "day", "scope": "upstream", "models": ["*:free"] }""";

        reader.Read(Catalogue(
            """{ "preset": "some", "account": "ours" }""",
            $$""", "two": { "preset": "some", "account": "ours", "limits": [{{more}}] }""")).ShouldBeNull();

        reader.Errors.ShouldHaveSingleItem()
            .ShouldBe("upstreams.two.limits: 'daily' must be as that of the upstream 'one', for both share the account 'ours'");
    }

    [Fact]
    public void Read_AWindowOfATimeZone_IsThatOfTheLimit() =>
        Read("""
            { "base_url": "https://a.example", "limits": [
              { "name": "a", "unit": "requests", "amount": 1, "window": "day", "time_zone": "America/Los_Angeles", "scope": "upstream" } ] }
            """).ShouldNotBeNull().Limits[0].Limit.Zone.Id.ShouldBe("America/Los_Angeles");

    [Theory]
    [InlineData("""{ "base_url": "https://a.example", "account": "Our Own" }""", "upstreams.one.account: must be lower-case letters, digits and dashes")]
    [InlineData("""{ "base_url": "https://a.example", "limits": [{ "name": "a", "unit": "requests", "amount": 1, "window": "day", "time_zone": "Mars/Base", "scope": "upstream" }] }""", "upstreams.one.limits[0].time_zone: there is no time zone 'Mars/Base'")]
    [InlineData("""{ "base_url": "https://a.example", "limits": [{ "name": "a", "unit": "requests", "amount": 1, "window": "day", "source": "page", "scope": "upstream" }] }""", "upstreams.one.limits[0].source: there is no source whose id is 'page'")]
    [InlineData("""{ "preset": "lost" }""", "upstreams.one.preset: there is no file presets/upstreams/lost.json")]
    [InlineData("""{ "preset": "../some" }""", "upstreams.one.preset: must be lower-case letters, digits and dashes")]
    [InlineData("""{ "version": 1, "base_url": "https://a.example" }""", "upstreams.one.version: is for presets")]
    [InlineData("""{ }""", "upstreams.one.base_url: must be an absolute http or https URL")]
    [InlineData("""{ "base_url": "http://a.example" }""", "upstreams.one.base_url: must be https, except on loopback; Freeway__AllowHttpUpstreams allows http")]
    [InlineData("""{ "base_url": "https://user:pass@a.example" }""", "upstreams.one.base_url: must hold no user and no password")]
    [InlineData("""{ "base_url": "https://a.example/v1?key=x" }""", "upstreams.one.base_url: must end with its path")]
    [InlineData("""{ "base_url": "https://10.0.0.1/v1" }""", "upstreams.one.base_url: must not be a private address; Freeway__AllowPrivateUpstreams allows them")]
    [InlineData("""{ "base_url": "https://[fe80::1]/v1" }""", "upstreams.one.base_url: must not be a private address; Freeway__AllowPrivateUpstreams allows them")]
    [InlineData("""{ "base_url": "https://{BAD_HOST}/v1" }""", "upstreams.one.base_url: the setting BAD_HOST must be letters, digits, dots, dashes and underscores")]
    [InlineData("""{ "base_url": "https://a.example", "key_setting": "BAD_KEY" }""", "upstreams.one.key_setting: the setting BAD_KEY must hold a key without blanks and line ends")]
    [InlineData("""{ "base_url": "https://a.example", "auth": { "header": "Content-Type" } }""", "upstreams.one.auth.header: must name a header that is free to carry a key")]
    [InlineData("""{ "base_url": "https://a.example", "auth": { "header": "x", "scheme": "a b" } }""", "upstreams.one.auth.scheme: must be a word such as Bearer, or be left out")]
    [InlineData("""{ "base_url": "https://a.example", "surfaces": ["chat"] }""", "upstreams.one.surfaces: must be of chat/completions, completions, ")]
    [InlineData("""{ "base_url": "https://a.example", "models_path": "../models" }""", "upstreams.one.models_path: must be a path relative to the base URL, e.g. models")]
    [InlineData("""{ "base_url": "https://a.example", "limits": [{ "name": "a", "unit": "requests", "amount": 1, "window": "day", "scope": "org" }] }""", "upstreams.one.limits[0].scope: must be one of upstream, not 'org'")]
    [InlineData("""{ "base_url": "https://a.example", "limits": [{ "name": "a", "unit": "requests", "amount": 1, "window": "day", "scope": "upstream", "overflow": ["reject"] }] }""", "upstreams.one.limits[0]: a limit of an upstream has no when, no amounts and no overflow")]
    [InlineData("""{ "base_url": "https://a.example", "limits": [{ "name": "a", "unit": "compute_units", "amount": 1, "window": "day", "scope": "upstream" }] }""", "upstreams.one.rates: there is none for 'there' of the upstream 'one'")]
    [InlineData("""{ "base_url": "https://a.example", "quirks": [{ "drop": ["model"] }] }""", "upstreams.one.quirks[0].drop[0]: 'model' must be sent as it is")]
    [InlineData("""{ "base_url": "https://a.example", "quirks": [{ "drop": ["max_tokens"] }] }""", "upstreams.one.quirks[0].drop[0]: 'max_tokens' must be sent as it is")]
    [InlineData("""{ "base_url": "https://a.example", "quirks": [{ "surfaces": ["audio/transcriptions"], "drop": ["a"] }] }""", "upstreams.one.quirks[0].surfaces: must be of ")]
    [InlineData("""{ "base_url": "https://a.example", "quirks": [{ }] }""", "upstreams.one.quirks[0]: must drop or rename something")]
    [InlineData("""{ "base_url": "https://a.example", "quirks": [{ "rename": { "a": "c", "b": "c" } }] }""", "upstreams.one.quirks[0].rename: must not give two members one name")]
    [InlineData("""{ "base_url": "https://a.example", "rate_limit_headers": [{ "unit": "requests", "reset": "x", "reset_form": "seconds" }] }""", "upstreams.one.rate_limit_headers[0]: must name a header: limit or remaining")]
    [InlineData("""{ "base_url": "https://a.example", "rate_limit_headers": [{ "unit": "requests", "limit": "x", "reset": "y" }] }""", "upstreams.one.rate_limit_headers[0]: must have reset and reset_form together, or neither")]
    [InlineData("""{ "base_url": "https://a.example", "bas_url": "x" }""", "$.upstreams.one")]
    public void Read_SomethingWrong_IsNamedWithItsPlaceAndNoSecret(string upstream, string error)
    {
        var errors = Errors(upstream, settings: [("BAD_HOST", "evil.example/x?"), ("BAD_KEY", "s3cret\nx")]);

        errors.ShouldHaveSingleItem().ShouldStartWith(error);
        errors.ShouldAllBe(one => !one.Contains("s3cret") && !one.Contains("pass@") && !one.Contains("evil"));
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "presets/upstreams/some.json: version: must be 1")]
    [InlineData("\"preset\": \"some\"", "\"preset\": \"other\"", "presets/upstreams/some.json: preset: must be 'some', as the file is called")]
    [InlineData("\"sources\"", "\"springs\"", "presets/upstreams/some.json: $")]
    [InlineData("\"naming\": \"author/model\"", "\"naming\": \"\"", "presets/upstreams/some.json: naming: is needed: how are models named there?")]
    [InlineData("\"window\": \"minute\", \"scope\"", "\"window\": \"fortnight\", \"scope\"", "presets/upstreams/some.json: limits[1].window: must be one of")]
    [InlineData("\"fact\": \"Ten.\"", "\"fact\": \"\"", "presets/upstreams/some.json: sources[0].fact: is needed")]
    public void Read_SomethingWrongWithAPreset_IsNamedWithItsFile(string right, string wrong, string error) =>
        Errors("""{ "preset": "some" }""", preset: Good.Replace(right, wrong, StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith(error);

    [Theory]
    [InlineData("AllowHttpUpstreams", "http://a.example/v1")]
    [InlineData("AllowPrivateUpstreams", "https://192.168.0.10/v1")]
    public void Read_TheOperatorAllowsIt_TheAddressIsTaken(string setting, string url) =>
        Read($$"""{ "base_url": "{{url}}" }""", settings: [($"Freeway:{setting}", "true")]).ShouldNotBeNull().BaseUrl.ShouldBe(new Uri(url));

    [Fact]
    public void Read_APlanWithALimitOfAnUpstream_IsRefused()
    {
        var reader = Reader([]);

        reader.Read(Encoding.UTF8.GetBytes("""
            { "version": 1, "upstreams": { "one": { "base_url": "https://a.example" } },
              "plans": { "p": { "limits": [ { "name": "a", "unit": "requests", "amount": 1, "window": "day", "scope": "upstream" } ] } },
              "models": [ { "id": "m", "context_length": 10, "usd_per_million_tokens": { "input": 0, "output": 0 }, "routes": [ { "upstream": "one", "model": "m" } ] } ] }
            """)).ShouldBeNull();

        reader.Errors.ShouldHaveSingleItem().ShouldStartWith("plans.p.limits[0].scope: must be one of org, org_model, key, key_model, model_group, end_user, end_user_model, not 'upstream'");
    }

    [Fact]
    public void ToString_OfAnUpstream_HoldsNoKey() =>
        $"{Read("""{ "preset": "some" }""", settings: [("SOME_KEY", "s3cret"), ("SOME_HOST", "some.example")])}".ShouldBe("one at https://some.example/v1");

    private static Upstream? Read(string upstream, string model = "there", string preset = Good, params (string, string)[] settings)
    {
        var reader = Reader(settings, preset);
        var snapshot = reader.Read(Catalogue(upstream, model: model));
        reader.Errors.ShouldBeEmpty();
        return snapshot?.UpstreamOf("one");
    }

    private static IReadOnlyList<string> Errors(string upstream, string model = "there", string preset = Good, params (string, string)[] settings)
    {
        var reader = Reader(settings, preset);
        reader.Read(Catalogue(upstream, model: model)).ShouldBeNull();
        return reader.Errors;
    }

    private static CatalogueReader Reader((string Name, string Value)[] settings, string preset = Good) => new(
        name => settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault(),
        name => name is "upstreams/some" ? Encoding.UTF8.GetBytes(preset) : null);

    private static byte[] Catalogue(string upstream, string more = "", string model = "there") => Encoding.UTF8.GetBytes($$"""
        {
          "version": 1, "upstreams": { "one": {{upstream}}{{more}} },
          "models": [ { "id": "demo/echo", "context_length": 1000, "usd_per_million_tokens": { "input": 0, "output": 0 }, "routes": [ { "upstream": "one", "model": "{{model}}" } ] } ]
        }
        """);
}
