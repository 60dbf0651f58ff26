using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Plans;

public sealed class ModelSetTests
{
    [Theory]
    [InlineData("demo/echo", "demo/echo", true)]
    [InlineData("demo/echo", "demo/echo2", false)]
    [InlineData("demo/echo", "Demo/Echo", false)]
    [InlineData("*", "demo/echo", true)]
    [InlineData("@cf/*", "@cf/meta/llama-3.1-8b-instruct", true)]
    [InlineData("@cf/*", "@hf/meta", false)]
    [InlineData("*flash*", "google/gemini-2.5-flash", true)]
    [InlineData("*flash*", "google/gemini-2.5-pro", false)]
    [InlineData("*.5", "google/gemini-2x5", false)]
    [InlineData("sarvam/saaras:v3", "sarvam/saaras:v3", true)]
    public void Contains_APattern_MatchesIdsAndAnyRest(string pattern, string id, bool contains) => new ModelSet([pattern]).Contains(id).ShouldBe(contains);

    [Fact]
    public void Contains_APatternAfterAnExclamationMark_IsTakenOutWhereverItStands()
    {
        var set = new ModelSet(["!*flash-lite*", "*flash*"]);

        set.Contains("google/gemini-2.5-flash").ShouldBeTrue();
        set.Contains("google/gemini-2.5-flash-lite").ShouldBeFalse();
        set.Contains("google/gemini-2.5-pro").ShouldBeFalse();
    }

    [Fact]
    public void Contains_NoPatterns_HoldsNothing() => new ModelSet([]).Contains("demo/echo").ShouldBeFalse();
}
