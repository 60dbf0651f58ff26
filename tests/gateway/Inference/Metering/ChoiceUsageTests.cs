using System.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Tests.Inference.Metering;

public sealed class ChoiceUsageTests
{
    private readonly ChoiceUsage _choices = new();

    [Fact]
    public void Usage_OfNoChoice_IsNone() => _choices.Usage.ShouldBe(TokenUsage.None);

    [Fact]
    public void Usage_OfOneChoice_IsWhatItReports()
    {
        Take(0, """{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}""");

        _choices.Usage.ShouldBe(new TokenUsage(7, 3, 10));
    }

    [Fact]
    public void Usage_OfSeveralChoices_HasOnePromptAndAllOutput()
    {
        Take(1, """{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2}}""");
        Take(0, """{"prompt_tokens":9,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}}""");

        _choices.Usage.ShouldBe(new TokenUsage(9, 8, null) { Cached = 4 });
    }

    [Fact]
    public void Usage_ReportedAgain_IsTheLaterOfEachChoice()
    {
        Take(0, """{"prompt_tokens":7,"completion_tokens":1}""");
        Take(1, """{"prompt_tokens":7,"completion_tokens":2}""");
        Take(0, """{"completion_tokens":30}""");

        _choices.Usage.ShouldBe(new TokenUsage(7, 32, null));
    }

    [Fact]
    public void Reasoning_ThatOnlyTheTotalShows_IsAdded()
    {
        // 20 of the total are neither prompt nor completion; the other choice reports its reasoning itself.
        Take(0, """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":35}""");
        Take(1, """{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"completion_tokens_details":{"reasoning_tokens":4}}""");

        _choices.Usage.ShouldBe(new TokenUsage(10, 31, null) { Reasoning = 24 });
    }

    [Fact]
    public void Reasoning_ReportedBesideALargerTotal_IsTheLargerOfBoth()
    {
        Take(0, """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":35,"completion_tokens_details":{"reasoning_tokens":21}}""");
        Take(1, """{"prompt_tokens":10,"completion_tokens":0}""");

        _choices.Usage.ShouldBe(new TokenUsage(10, 25, null) { Reasoning = 21 });
    }

    [Fact]
    public void Usage_OfChoicesThatSayNothing_IsNothing()
    {
        Take(0, "{}");
        Take(1, "{}");

        _choices.Usage.ShouldBe(TokenUsage.None);
        _choices.Usage.IsNone.ShouldBeTrue();
    }

    private void Take(long index, string report)
    {
        var usage = new UsageReader();
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(report));
        while (json.Read())
        {
            usage.Take(ref json, json.CurrentDepth);
        }

        _choices.Take(index, usage);
    }
}
