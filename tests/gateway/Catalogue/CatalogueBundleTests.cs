using System.Text;
using System.Text.Json;
using Freeway.Gateway.Catalogue.Format;

namespace Freeway.Gateway.Tests.Catalogue;

public sealed class CatalogueBundleTests
{
    private const string Catalogue = """{"version":1,"presets":["free"],"upstreams":{"a":{"preset":"groq"},"b":{}},"models":[{"usd":0.10}]}""";

    [Fact]
    public void Gather_TakesThePresetsThatAreUsedAndNoOthers()
    {
        var bundle = Gather(Catalogue);

        bundle.AllPresets.Select(preset => preset.Key).ShouldBe(["free", "upstreams/groq"]);
        bundle.Preset("free")!["name"]!.GetValue<string>().ShouldBe("free");
        bundle.Preset("other").ShouldBeNull();
    }

    [Theory]
    [InlineData("\uFEFF{\"version\":1,\"presets\":[\"free\"],\"upstreams\":{\"a\":{\"preset\":\"groq\"},\"b\":{}},\"models\":[{\"usd\":0.10}]}")]
    [InlineData("{ // why\n \"version\": 1, \"presets\": [\"free\",],\n\"upstreams\":{\"a\":{\"preset\":\"groq\"},\"b\":{}}, \"models\":[{\"usd\":0.10}] }")]
    public void Hash_OfWhatReadsTheSame_IsTheSame(string written) => Gather(written).Hash.ShouldBe(Gather(Catalogue).Hash);

    [Theory]
    [InlineData("0.10", "0.2")]
    [InlineData("\"free\"", "\"other\"")]
    public void Hash_OfWhatReadsOtherwise_IsAnother(string part, string other) =>
        Gather(Catalogue.Replace(part, other, StringComparison.Ordinal)).Hash.ShouldNotBe(Gather(Catalogue).Hash);

    [Fact]
    public void Read_OfItsBytes_IsTheSame()
    {
        var bundle = Gather(Catalogue);

        var read = CatalogueBundle.Read(bundle.Bytes);

        (read.Hash, Encoding.UTF8.GetString(read.Bytes)).ShouldBe((bundle.Hash, Encoding.UTF8.GetString(bundle.Bytes)));
        Encoding.UTF8.GetString(read.Bytes).ShouldContain("0.10");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"catalogue\":{},\"presets\":[]}")]
    [InlineData("{\"catalogue\":{\"a\":1,\"a\":2},\"presets\":{}}")]
    public void Read_OfWhatIsNone_Throws(string json) => Should.Throw<JsonException>(() => CatalogueBundle.Read(Encoding.UTF8.GetBytes(json)));

    private static CatalogueBundle Gather(string catalogue) =>
        CatalogueBundle.Gather(Encoding.UTF8.GetBytes(catalogue), name => name is "nothing" ? null : Encoding.UTF8.GetBytes($$"""{"name":"{{name}}"}"""));
}
