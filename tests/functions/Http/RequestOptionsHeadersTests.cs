using Freeway.Functions.Http.Requests;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Tests.Http;

public sealed class RequestOptionsHeadersTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("reject", Overflow.Reject)]
    [InlineData("next_free", Overflow.NextFree)]
    [InlineData("next-free", Overflow.NextFree)]
    [InlineData(" Next_Free ", Overflow.NextFree)]
    [InlineData("bill", Overflow.Bill)]
    public void Overflow_InItsSpellingsOfNowAndBefore_IsRead(string? header, Overflow? overflow)
    {
        RequestOptionsHeaders.Read(Headers(header)).Accepted(out var wishes, out _).ShouldBeTrue();

        wishes!.Overflow.ShouldBe(overflow);
    }

    [Theory]
    [InlineData("nextfree")]
    [InlineData("1")]
    [InlineData("reject, bill")]
    public void Overflow_ThatIsNone_IsRefusedWithTheNames(string header)
    {
        RequestOptionsHeaders.Read(Headers(header)).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Message.ShouldBe("x-freeway-overflow is one of reject, next_free, bill.");
        refusal.Param.ShouldBe("x-freeway-overflow");
    }

    private static HeaderDictionary Headers(string? overflow) =>
        overflow is null ? [] : new() { ["x-freeway-overflow"] = overflow };
}
