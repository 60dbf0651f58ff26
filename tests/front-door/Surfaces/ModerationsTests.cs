using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Surfaces;

public sealed class ModerationsTests
{
    [Fact]
    public async Task Whole_IsRecordedWithItsInputEstimated()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync("moderations", $$"""{"model":"demo/echo:free","input":"{{new string('x', 398)}}"}""");

        (await response.JsonAsync()).GetProperty("results").GetArrayLength().ShouldBe(1);
        var record = await gateway.RecordAsync();
        (record.Count("prompt_tokens"), record.Count("completion_tokens")).ShouldBe((100, 0));
        record.GetProperty("estimated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Paid_ByTheBareId_CostsWhatItsInputComesTo()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync(
            "moderations", JsonSerializer.Serialize(new { model = "demo/echo", input = new[] { new string('x', 394) } }));

        await response.ReadAsync();
        (await gateway.RecordAsync()).Text("cost_usd").ShouldBe("0.00001");
    }
}
