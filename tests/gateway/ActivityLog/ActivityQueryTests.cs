using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class ActivityQueryTests
{
    [Fact]
    public void Read_NoFields_IsTheNewestHundred() => Read([]).ShouldBe(new ActivityQuery());

    [Fact]
    public void Read_EveryField_IsTaken()
    {
        var cursor = ActivityCursor.After(Record(7));

        Read(new()
        {
            ["limit"] = "5",
            ["cursor"] = cursor.ToString(),
            ["from"] = "2026-05-01",
            ["to"] = "2026-05-29T14:00:00+02:00",
            ["model"] = "a/b:v2",
            ["tier"] = "free",
            ["key"] = "k",
            ["status"] = "429",
        }).ShouldBe(new ActivityQuery(5, cursor, new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), Noon)
        {
            Model = "a/b:v2",
            Tier = "free",
            Key = "k",
            Status = 429,
            IsLimited = true,
        });
    }

    [Fact]
    public void Read_PlusSignThatArrivesAsASpace_IsStillATime() =>
        Read(new() { ["to"] = "2026-05-29T14:00:00 02:00" }).To.ShouldBe(Noon);

    [Theory]
    [InlineData("limit", "0")]
    [InlineData("limit", "1001")]
    [InlineData("limit", "-1")]
    [InlineData("limit", "ten")]
    [InlineData("limit", "99999999999")]
    [InlineData("cursor", "no cursor")]
    [InlineData("cursor", "AAAA")]
    [InlineData("cursor", "LTEuYQ")]
    [InlineData("cursor", "OTk5OTk5OTk5OTk5OTk5OTk5OS5h")]
    [InlineData("from", "yesterday")]
    [InlineData("to", "2026-13-01")]
    [InlineData("status", "99")]
    [InlineData("status", "ok")]
    public void Read_FieldThatIsWrong_IsRefusedByName(string field, string value)
    {
        ActivityQuery.Read(name => name == field ? value : null).Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(RefusalCode.InvalidRequest);
        refusal.Param.ShouldBe(field);
        refusal.Message.ShouldContain(field);
    }

    private static ActivityQuery Read(Dictionary<string, string> fields)
    {
        ActivityQuery.Read(fields.GetValueOrDefault).Accepted(out var query, out var refusal).ShouldBeTrue(refusal?.Message);
        return query!;
    }
}
