using System.Text.Json;
using Freeway.Gateway.ActivityLog;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class ActivityJsonTests
{
    [Fact]
    public void Write_RecordWithEveryField_ComesBackWhole()
    {
        var read = ActivityJson.Read(ActivityJson.Write(Full()));

        read.UpstreamRateLimit.ShouldBe(Full().UpstreamRateLimit);
        read.Booked.ShouldBe(Full().Booked);
        (read with { UpstreamRateLimit = null, Booked = null }).ShouldBe(Full() with { UpstreamRateLimit = null, Booked = null });
    }

    public static TheoryData<string> Records => [.. Shapes.Keys];

    /// <summary>Every member is there in one of them and, where it may be, missing in another.</summary>
    private static readonly Dictionary<string, ActivityRecord> Shapes = new()
    {
        ["least"] = Record(3),
        ["full"] = Full() with
        {
            CallerRequestId = "caller-1",
            EndUser = "hash",
            Cache = "miss",
            Trace = "00-1-2-01",
            Attempts = [new("loop", "echo", 500, 3, "server_error"), new("loop", "echo", null, 0, null)],
            Reached = [new("plan.daily", "*", "requests", "2026-05-29", Noon, 10, 5, 50)],
        },
        ["empty lists"] = Record(4) with { Attempts = [], Booked = [], UpstreamRateLimit = new Dictionary<string, string>() },
        ["hostile text"] = Full() with { Slug = "a\"b\\c\u0001<\u3042\U0001f600", App = "'&+" },
        ["to the millisecond"] = Record(5, Noon.AddMilliseconds(7).ToOffset(TimeSpan.FromHours(2))),
    };

    [Fact]
    public void Records_FullOne_HasEveryMember() => typeof(ActivityRecord).GetProperties()
        .Where(member => member.GetValue(Shapes["full"]) is null).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Records))]
    public void Write_Record_IsWhatTheSerializerWrites(string shape) =>
        System.Text.Encoding.UTF8.GetString(ActivityJson.Write(Shapes[shape]))
            .ShouldBe(JsonSerializer.Serialize(Shapes[shape], ActivityJson.Default.ActivityRecord));

    [Theory]
    [MemberData(nameof(Records))]
    public void Read_Record_IsWhatTheSerializerReads(string shape)
    {
        var json = ActivityJson.Write(Shapes[shape]);
        var read = JsonSerializer.Deserialize(json, ActivityJson.Default.ActivityRecord);

        JsonSerializer.Serialize(ActivityJson.Read(json), ActivityJson.Default.ActivityRecord)
            .ShouldBe(JsonSerializer.Serialize(read, ActivityJson.Default.ActivityRecord));
    }

    public static TheoryData<string> Texts => [.. typeof(ActivityRecord).GetProperties()
        .Where(member => member.PropertyType == typeof(string) && member.CanWrite).Select(member => member.Name)];

    /// <summary>What fits is passed on as it is, so a text that is forgotten there would be written whole.</summary>
    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_TooLong_IsCutOrRefused(string member)
    {
        var record = Record(6);
        typeof(ActivityRecord).GetProperty(member)!.SetValue(record, new string('x', 10_000));

        var bounded = ActivityBounds.Apply(record);

        var length = ((string)typeof(ActivityRecord).GetProperty(member)!.GetValue(bounded)!).Length;
        (length <= 512 || ActivityBounds.Fault(bounded) is not null).ShouldBeTrue($"{member} has {length} characters");
    }

    [Fact]
    public void Read_MembersInAnotherOrderAndNewOnes_IsReadAllTheSame()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(ActivityJson.Write(Shapes["full"]))!.AsObject();
        var turned = new System.Text.Json.Nodes.JsonObject(
            json.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))
        {
            ["of_a_later_version"] = 1,
        };

        ActivityJson.Write(ActivityJson.Read(JsonSerializer.SerializeToUtf8Bytes(turned)))
            .ShouldBe(ActivityJson.Write(Shapes["full"]));
    }

    [Fact]
    public void Read_RecordOfAnOlderVersion_HasNoCachedAndNoReasoningTokens()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(ActivityJson.Write(Full()))!.AsObject();
        json.Remove("cached_tokens").ShouldBeTrue();
        json.Remove("reasoning_tokens").ShouldBeTrue();

        var read = ActivityJson.Read(JsonSerializer.SerializeToUtf8Bytes(json));

        (read.CachedTokens, read.ReasoningTokens, read.PromptTokens).ShouldBe((0, 0, Full().PromptTokens));
    }

    [Fact]
    public void Write_TextsOfAnyLength_FitsLedgerRowAndMessage()
    {
        var endless = new string('\u3042', 1_000_000);
        var record = Full() with
        {
            Key = endless,
            Endpoint = endless,
            Slug = endless,
            Variant = endless,
            Plan = endless,
            Upstream = endless,
            UpstreamRequestId = endless,
            UpstreamModel = endless,
            ErrorCode = endless,
            FinishReason = endless,
            App = endless,
            Model = new string('\u3042', 256),
            UpstreamRateLimit = Enumerable.Range(0, 1000).ToDictionary(i => $"x-{i}", _ => endless),
        };

        record = record with { Booked = [.. Enumerable.Range(0, 16).Select(i => new BookedAmount($"plan.limit-{i}", new string('a', 100), "2026-05-29", i))] };

        var json = ActivityJson.Write(record);

        json.Length.ShouldBeLessThan(36 * 1024);
        ActivityJson.Read(json).App!.Length.ShouldBe(256);
        ActivityJson.Read(json).Booked.ShouldBe(record.Booked);
    }

    [Theory]
    [InlineData(17, 10)]
    [InlineData(2, 2000)]
    public void Write_MoreBookedThanARecordHolds_LeavesOutAllOfIt(int limits, int length)
    {
        var record = Full() with { Booked = [.. Enumerable.Range(0, limits).Select(i => new BookedAmount("plan.limit", new string('a', length), "2026-05-29", i))] };

        ActivityJson.Read(ActivityJson.Write(record)).Booked.ShouldBeNull("a part would be wrong");
    }

    [Fact]
    public void Write_CutInsideASurrogatePair_DropsTheWholeCharacter()
    {
        var app = new string('a', 255) + "\U0001f600";

        ActivityJson.Read(ActivityJson.Write(Full() with { App = app })).App.ShouldBe(new string('a', 255));
    }

    [Fact]
    public void Read_IdThatNoBrokerTakes_IsNoRecord() =>
        Should.Throw<JsonException>(() => ActivityJson.Read(JsonSerializer.SerializeToUtf8Bytes(Full() with { Id = new string('a', 129) }, ActivityJson.Default.ActivityRecord)))
            .Message.ShouldContain("129");
}
