using Freeway.Functions.Settings;
using Freeway.Gateway.Upstreams;
using Freeway.Runner.Tests.Broker;
using Microsoft.Extensions.Configuration;

namespace Freeway.Runner.Tests.Settings;

public sealed class FreewaySettingsTests : IDisposable
{
    private const string Upstreams = """{ "loopback": { "base_url": "http://127.0.0.1:1/v1" }, "keyed": { "base_url": "https://keyed.example/v1", "key_setting": "A_KEY" } }""";

    private static readonly Dictionary<string, string> OfSignUp = new()
    {
        ["Freeway__SignUp__Plan"] = "fastrouter-free",
        ["Freeway__SignUp__BaseUrl"] = "https://freeway.example.com",
        ["Freeway__SignUp__Issuer"] = "https://login.example.com",
        ["Freeway__SignUp__ClientId"] = "freeway",
        ["Freeway__SignUp__TermsVersion"] = "1",
        ["Freeway__SignUp__TermsUrl"] = "https://freeway.example.com/terms",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_APresetBesideTheCatalogue_IsRead()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "presets"));
        File.WriteAllText(Path.Combine(_folder.Path, "presets", "fastrouter.json"), """
            { "version": 1, "preset": "fastrouter", "plans": { "fastrouter-free": { "limits": [
              { "name": "daily", "unit": "requests", "amount_setting": "Freeway__Daily", "window": "day", "scope": "org" } ] } } }
            """);

        Daily(Read("fastrouter", ("Freeway__Daily", "3"))).ShouldBe(3);
    }

    [Fact]
    public void Read_NoPresetBesideTheCatalogue_IsTheOneThatComesWithTheProgram() => Daily(Read("fastrouter")).ShouldBe(10);

    [Fact]
    public void Read_APresetThatIsNowhere_IsNamedWithTheCatalogue() =>
        Should.Throw<InvalidSettingsException>(() => Read("lost")).Errors.ShouldContain(error => error.EndsWith("presets[0]: there is no file presets/lost.json", StringComparison.Ordinal));

    [Theory]
    [InlineData("0")]
    [InlineData("121")]
    public void Read_ActivityKeptForNoTimeOrForEver_IsNamed(string months) =>
        Should.Throw<InvalidSettingsException>(() => Read("fastrouter", ("Freeway__ActivityMonths", months))).Errors.ShouldContain("Freeway__ActivityMonths: must be 1 to 120");

    [Fact]
    public void Read_ActivityMonths_AreThirteenUnlessSaid()
    {
        Read("fastrouter").Retention.Months.ShouldBe(13);
        Read("fastrouter", ("Freeway__ActivityMonths", "24")).Retention.Months.ShouldBe(24);
    }

    [Theory]
    [InlineData("short of sixteen")]
    [InlineData("")]
    public void Read_ASaltOfSixteenCharactersOrNone_IsTaken(string salt) =>
        Read("fastrouter", ("Freeway__EndUsers__Salt", salt)).EndUsers.Salt.ShouldBe(salt);

    [Theory]
    [InlineData("fifteen letters")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a-salt)")]
    public void Read_ASaltThatIsShortOrNotInTheVault_IsNamed(string salt) =>
        Should.Throw<InvalidSettingsException>(() => Read("fastrouter", ("Freeway__EndUsers__Salt", salt)))
            .Errors.ShouldHaveSingleItem().ShouldStartWith("Freeway__EndUsers__Salt: must be 16 characters or more, or empty");

    [Fact]
    public void Read_SignUpUnlessSaid_IsOff() => Read("fastrouter").SignUp.IsOpen().ShouldBeFalse();

    [Theory]
    [InlineData("Issuer", "http://login.example.com", "an https address")]
    [InlineData("Issuer", "login", "an https address")]
    [InlineData("ClientId", "", "the client id")]
    [InlineData("ClientSecret", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)", "the client's secret")]
    [InlineData("BaseUrl", "", "the address of this Freeway")]
    [InlineData("BaseUrl", "http://freeway.example.com", "the address of this Freeway")]
    [InlineData("TermsVersion", "", "the version of the terms")]
    [InlineData("TermsUrl", "", "the address of the terms")]
    [InlineData("BlockedEmailDomains", "spam example", "domains")]
    [InlineData("PerDay", "0", "1 to 2000")]
    [InlineData("PerAddressPerDay", "2001", "1 to 2000")]
    [InlineData("ForwardedHops", "6", "0 to 5")]
    [InlineData("KeysPerPerson", "0", "1 to 100")]
    [InlineData("SessionHours", "721", "1 to 720")]
    public void Read_SignUpWithAWrongSetting_NamesIt(string setting, string value, string wanted)
    {
        Dictionary<string, string> settings = new(OfSignUp) { [$"Freeway__SignUp__{setting}"] = value };

        Should.Throw<InvalidSettingsException>(() => Read("fastrouter", [.. settings.Select(one => (one.Key, one.Value))]))
            .Errors.ShouldHaveSingleItem().ShouldStartWith($"Freeway__SignUp__{setting}: must be {wanted}");
    }

    [Fact]
    public void Read_SignUpWithAllItsSettings_IsOpen() =>
        Read("fastrouter", [.. OfSignUp.Select(one => (one.Key, one.Value))]).SignUp.IsOpen().ShouldBeTrue();

    [Fact]
    public void Read_AKeyThatTheVaultDoesNotHave_IsNoKey()
    {
        UpstreamWithKey("@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a-key)").Ready.ShouldBeFalse();
        UpstreamWithKey("secret").Ready.ShouldBeTrue();
    }

    private Freeway.Gateway.Upstreams.Upstream UpstreamWithKey(string value) => Read("fastrouter", ("A_KEY", value)).Catalogue.Snapshot.UpstreamOf("keyed");

    private static long Daily(FreewaySettings settings) => settings.Catalogue.Snapshot.Plans.Find("fastrouter-free")!.Limits[0].Limit.Amount;

    private FreewaySettings Read(string preset, params (string Name, string Value)[] settings)
    {
        var path = Path.Combine(_folder.Path, "catalogue.json");
        File.WriteAllText(path, $$"""
            { "version": 1, "presets": ["{{preset}}"], "upstreams": {{Upstreams}}, "models": [
              { "id": "demo/echo", "context_length": 1000, "usd_per_million_tokens": { "input": 0, "output": 0 }, "routes": [ { "upstream": "loopback", "model": "echo" } ] } ] }
            """);
        var all = settings.Select(setting => KeyValuePair.Create(setting.Name.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value))
            .Append(new("AzureWebJobsStorage", "UseDevelopmentStorage=true"))
            .Append(new("ServiceBus", "Endpoint=sb://127.0.0.1"))
            .Append(new("ActivityQueueName", "activity"))
            .Append(new("Freeway:CataloguePath", path));
        return FreewaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
