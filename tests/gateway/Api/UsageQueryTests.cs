using Freeway.Gateway.Api;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Api;

public sealed class UsageQueryTests
{
    private static readonly DateOnly Today = new(2026, 5, 29);

    [Fact]
    public void Read_Nothing_AsksForTheLastThirtyDaysWithToday() =>
        Read([]).ShouldBe(new UsageQuery(UsagePeriod.Day, new DateOnly(2026, 4, 30), new DateOnly(2026, 5, 30)));

    [Fact]
    public void Read_Months_AsksForTheLastTwelveWithThisOne() =>
        Read(new() { ["by"] = "Month" }).ShouldBe(new UsageQuery(UsagePeriod.Month, new DateOnly(2025, 6, 1), new DateOnly(2026, 5, 30)));

    [Fact]
    public void Read_EveryField_IsKept()
    {
        var cursor = new UsageCursor(new DateOnly(2026, 5, 3), "a\nb\nc");

        Read(new()
        {
            ["by"] = "day",
            ["group"] = "tier, MODEL,key",
            ["from"] = "2026-05-01",
            ["to"] = "2026-06-01",
            ["model"] = "a/b",
            ["key"] = "k",
            ["tier"] = "Free",
            ["limit"] = "7",
            ["cursor"] = cursor.ToString(),
        }).ShouldBe(new UsageQuery(UsagePeriod.Day, new DateOnly(2026, 5, 1), new DateOnly(2026, 6, 1), 7)
        {
            GroupModel = true,
            GroupKey = true,
            GroupTier = true,
            Model = "a/b",
            Key = "k",
            Tier = "free",
            IsLimited = true,
            After = cursor,
        });
    }

    [Theory]
    [InlineData("by", "week")]
    [InlineData("group", "model,org")]
    [InlineData("from", "2026-05-01T12:00:00Z")]
    [InlineData("from", "2025-01-01")]
    [InlineData("to", "tomorrow")]
    [InlineData("limit", "0")]
    [InlineData("cursor", "AAAA")]
    [InlineData("cursor", "no cursor")]
    public void Read_FieldThatIsWrong_IsRefusedByName(string field, string value)
    {
        UsageQuery.Read(name => name == field ? value : null, Today).Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Param.ShouldBe(field);
        refusal.Message.ShouldContain(field);
    }

    [Theory]
    [InlineData("0001-01-01", "0001-01-02")]
    [InlineData("9999-12-01", "9999-12-31")]
    public void Read_EndsOfTheCalendar_AreDays(string from, string to) =>
        Read(new() { ["from"] = from, ["to"] = to, ["by"] = "month" }).From.ToString("yyyy-MM-dd").ShouldBe(from);

    private static UsageQuery Read(Dictionary<string, string> fields)
    {
        UsageQuery.Read(fields.GetValueOrDefault, Today).Accepted(out var query, out var refusal).ShouldBeTrue(refusal?.Message);
        return query!;
    }
}
