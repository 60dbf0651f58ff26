using System.Text;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Core;

public sealed class FieldReaderTests
{
    [Fact]
    public void Read_WhatIsRight_IsThereAndWhatIsLeftOutOrNullIsNot()
    {
        var fields = Open("""{"text":"a","flag":true,"whole":7,"time":"2026-05-29T14:00:00+02:00","texts":["a","b"],"none":null}""");

        fields.Text("text", 1).ShouldBe("a");
        fields.Flag("flag").ShouldBe(true);
        fields.Whole("whole", 0, 10).ShouldBe(7);
        fields.Time("time").ShouldBe(new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero));
        fields.Texts("texts", 2, 1).ShouldBe(["a", "b"]);
        fields.Text("none", 9).ShouldBeNull();
        fields.Text("absent", 9).ShouldBeNull();
        (fields.Has("none"), fields.Has("absent")).ShouldBe((true, false));
        fields.Close();
        fields.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Read_WhatIsWrong_IsToldOfAllAtOnceWithItsPlace()
    {
        var fields = Open("""{"text":"","flag":1,"whole":11,"time":"noon","texts":["a",1],"list":[{"a":1},{"b":2}],"more":1,"word":"x"}""");

        fields.Text("text", 9);
        fields.Flag("flag");
        fields.Whole("whole", 0, 10);
        fields.Time("time");
        fields.Texts("texts", 2, 9);
        fields.Word("word", WireNames.Of<HardRefusal>());
        foreach (var inner in fields.Objects("list", 9)!)
        {
            inner.Require("a");
            inner.Close();
        }

        fields.Close();

        fields.Errors.Select(error => error.Param).ShouldBe(["text", "flag", "whole", "time", "texts", "word", "list[1].a", "list[1].b", "more"]);
        fields.Errors[^1].Message.ShouldBe("'more' is not known here; there are text, flag, whole, time, texts, word, list.");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("{} {}")]
    public void Open_WhatIsNoObject_IsRefused(string json)
    {
        FieldReader.Open(Encoding.UTF8.GetBytes(json)).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Code.ShouldBe(RefusalCode.InvalidJson);
    }

    [Fact]
    public void Open_NothingAtAll_IsAnObjectWithoutMembers() => Open("").Has("a").ShouldBeFalse();

    private static FieldReader Open(string json)
    {
        FieldReader.Open(Encoding.UTF8.GetBytes(json)).Accepted(out var fields, out _).ShouldBeTrue();
        return fields!;
    }
}
