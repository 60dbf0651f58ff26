using System.Text;
using Freeway.Runner.Clock;

namespace Freeway.Runner.Tests.Clock;

public sealed class ClockMoveTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 23, 58, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"advance_seconds":120}""", "2026-04-01T00:00:00Z")]
    [InlineData("""{"advance_seconds":0.5}""", "2026-03-31T23:58:00.5Z")]
    [InlineData("""{"advance_seconds":31622400}""", "2027-04-01T23:58:00Z")]
    [InlineData("""{"to":"2026-04-01T00:00:00Z"}""", "2026-04-01T00:00:00Z")]
    [InlineData("""{"to":"2026-04-01T00:00Z"}""", "2026-04-01T00:00:00Z")]
    [InlineData("""{"to":"2026-04-01T02:00:00.25+02:00"}""", "2026-04-01T00:00:00.25Z")]
    public void Move_ThatSaysHowFar_IsThatMoment(string body, string target)
    {
        var move = Read(body);

        move.Error.ShouldBeNull();
        ClockMoment.Write(move.Target!.Value).ShouldBe(target);
    }

    [Theory]
    [InlineData("", null, "The body is no JSON.")]
    [InlineData("advance", null, "The body is no JSON.")]
    [InlineData("[60]", null, "The body says not how far")]
    [InlineData("{}", null, "The body says not how far")]
    [InlineData("""{"advance_seconds":60,"to":"2026-04-01T00:00:00Z"}""", null, "The body says not how far, or says it twice")]
    [InlineData("""{"advance":60}""", null, "There is no member advance.")]
    [InlineData("""{"advance_seconds":"60"}""", "advance_seconds", "advance_seconds is a number of seconds.")]
    [InlineData("""{"advance_seconds":0}""", "advance_seconds", "advance_seconds is more than 0: the clock only goes forward.")]
    [InlineData("""{"advance_seconds":-60}""", "advance_seconds", "advance_seconds is more than 0: the clock only goes forward.")]
    [InlineData("""{"advance_seconds":0.00000001}""", "advance_seconds", "advance_seconds is more than 0")]
    [InlineData("""{"advance_seconds":31622401}""", "advance_seconds", "advance_seconds may go 366 days (31622400 s) at once")]
    [InlineData("""{"advance_seconds":1e400}""", "advance_seconds", "advance_seconds may go 366 days (31622400 s) at once")]
    [InlineData("""{"to":"2026-03-31T23:58:00Z"}""", "to", "The clock shows 2026-03-31T23:58:00Z and only goes forward")]
    [InlineData("""{"to":"2026-03-31T23:57:59Z"}""", "to", "The clock shows 2026-03-31T23:58:00Z and only goes forward")]
    [InlineData("""{"to":"2028-01-01T00:00:00Z"}""", "to", "to may go 366 days")]
    [InlineData("""{"to":"2026-04-01"}""", "to", "to is a moment with its zone")]
    [InlineData("""{"to":"2026-04-01T00:00:00"}""", "to", "to is a moment with its zone")]
    [InlineData("""{"to":"tomorrow"}""", "to", "to is a moment with its zone")]
    [InlineData("""{"to":1775001600}""", "to", "to is a moment with its zone")]
    public void Move_ThatCannotBeDone_SaysWhatToSend(string body, string? param, string message)
    {
        var move = Read(body);

        move.Target.ShouldBeNull();
        move.Param.ShouldBe(param);
        move.Error.ShouldNotBeNull().ShouldStartWith(message);
    }

    [Fact]
    public void Move_BeyondTheLastMoment_IsRefused() =>
        ClockMove.Read("""{"advance_seconds":86401}"""u8.ToArray(), ClockMoment.Last.AddDays(-1)).Error
            .ShouldBe("The clock ends at 2099-12-31T00:00:00Z.");

    private static ClockMove Read(string body) => ClockMove.Read(Encoding.UTF8.GetBytes(body), Now);
}
