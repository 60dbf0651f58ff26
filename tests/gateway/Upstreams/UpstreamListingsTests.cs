using System.Text;
using System.Text.Json;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Upstreams;

public sealed class UpstreamListingsTests
{
    [Theory]
    [InlineData("""{"id":"a"}""", null, null, null)]
    [InlineData("""{"id":"a","context_window":8192}""", 8192, null, null)]
    [InlineData("""{"id":"a","context_length":"4096","pricing":{"input":"0.0000001","output":0.0000004}}""", 4096, "0.1", "0.4")]
    [InlineData("""{"id":"a","max_model_len":1,"pricing":{"prompt":"-1","completion":"1e-6"}}""", 1, null, "1")]
    [InlineData("""{"id":"a","context_length":0,"pricing":{"prompt":"0.0000000000000001","completion":"free"}}""", null, "0.000000001", null)]
    [InlineData("""{"id":"a","context_length":99999999999,"pricing":[]}""", null, null, null)]
    public void ReadModels_WhateverItsFieldsAreCalled_IsRead(string model, int? context, string? input, string? output) =>
        Read($$"""{"object":"list","data":[{{model}}]}""").ShouldHaveSingleItem().ShouldBe(new ListedModel("a", null, context, Decimal(input), Decimal(output)));

    [Fact]
    public void ReadModels_OthersAmongThem_AreLeftOut() =>
        Read("""[{"id":"a"},{"id":""},{"id":5},{},7,{"id":"a"},{"id":"b\n"},{"id":"c"}]""").Select(model => model.Id).ShouldBe(["a", "c"]);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":{}}""")]
    [InlineData("5")]
    [InlineData("[")]
    public void ReadModels_NoList_IsAnError(string json) => Should.Throw<JsonException>(() => Read(json));

    private static IReadOnlyList<ListedModel> Read(string json) => UpstreamListings.ReadModels(Encoding.UTF8.GetBytes(json));

    private static decimal? Decimal(string? text) => text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
