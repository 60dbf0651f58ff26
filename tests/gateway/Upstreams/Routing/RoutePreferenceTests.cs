using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Tests.Upstreams.Routing;

public sealed class RoutePreferenceTests
{
    [Fact]
    public void Read_AllMembers_AreThere()
    {
        Read("""{"order":["a","b"],"only":["a"],"ignore":["c"],"allow_fallbacks":false,"sort":"latency"}""").Accepted(out var read, out _).ShouldBeTrue();

        read!.Order.ShouldBe(["a", "b"]);
        read.Only.ShouldBe(["a"]);
        read.Ignore.ShouldBe(["c"]);
        (read.AllowFallbacks, read.Sort).ShouldBe((false, RouteSort.Latency));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"order":null,"sort":null}""")]
    public void Read_Nothing_IsNoWish(string json)
    {
        Read(json).Accepted(out var read, out _).ShouldBeTrue();
        read.ShouldBe(RoutePreference.None);
    }

    [Theory]
    [InlineData("""[]""", "provider")]
    [InlineData("""{"order":"a"}""", "provider.order")]
    [InlineData("""{"only":[1]}""", "provider.only")]
    [InlineData("""{"ignore":{}}""", "provider.ignore")]
    [InlineData("""{"allow_fallbacks":"no"}""", "provider.allow_fallbacks")]
    [InlineData("""{"sort":"price"}""", "provider.sort")]
    [InlineData("""{"data_collection":"deny"}""", "provider.data_collection")]
    public void Read_WhatCannotBeHeeded_IsRefusedByItsName(string json, string param)
    {
        Read(json).Accepted(out _, out var refusal).ShouldBeFalse();

        (refusal!.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, param));
    }

    private static Result<RoutePreference> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return RoutePreference.Read(document.RootElement);
    }
}
