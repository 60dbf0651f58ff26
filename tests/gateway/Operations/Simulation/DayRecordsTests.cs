using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Operations.Simulation;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Operations.Simulation;

public sealed class DayRecordsTests
{
    private static readonly DateTimeOffset Day = new(2026, 5, 29, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1000, 1)]
    [InlineData(12_345, 2)]
    [InlineData(5_000, 3)]
    public async Task Read_AnyNumber_ComesOldestFirstEachOnceAPageAtATime(int count, int seed)
    {
        var chance = new Random(seed);
        // A third of them in one second, and some on one and the same millisecond.
        ActivityRecord[] all = [.. Enumerable.Range(0, count).Select(number => Record(
            number, (number % 3) switch { 0 => chance.Next(0, 1000), 1 => 7, _ => chance.Next(0, 86_400_000) }))];

        var read = await new DayRecords(await StoreAsync(all)).ReadAsync("acme", Day, Day.AddDays(1), CancellationToken.None).ToListAsync();

        read.Select(record => record.Id).Order().ShouldBe(all.Select(record => record.Id).Order());
        read.Select(record => record.Time).ShouldBeInOrder();
    }

    [Fact]
    public async Task Read_BoundsOfTheDay_AreItsOwn()
    {
        ActivityRecord[] all = [Record(1, -1), Record(2, 0), Record(3, 86_399_999), Record(4, 86_400_000)];

        var read = await new DayRecords(await StoreAsync(all)).ReadAsync("acme", Day, Day.AddDays(1), CancellationToken.None).ToListAsync();

        read.Select(record => record.Id).ShouldBe(["2", "3"]);
    }

    private static ActivityRecord Record(int id, int milliseconds) => new()
    {
        Id = $"{id}",
        Time = Day.AddMilliseconds(milliseconds),
        Org = "acme",
        Key = "k",
        Endpoint = "chat/completions",
        Slug = "m",
        Model = "m",
        Tier = "free",
    };

    private static async Task<MemoryActivityStore> StoreAsync(IReadOnlyList<ActivityRecord> records)
    {
        var store = new MemoryActivityStore();
        (await store.AppendAsync("acme", records, CancellationToken.None)).ShouldBeEmpty();
        return store;
    }
}
