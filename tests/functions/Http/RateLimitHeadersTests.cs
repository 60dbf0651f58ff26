using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Tests.Http;

public sealed class RateLimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_SeveralUnits_ShowsTheSmallestShareAndEachUnitsOwn()
    {
        var headers = Written(
            State("p.daily", LimitUnit.Requests, LimitWindow.Day, 10, used: 1),
            State("p.rpm", LimitUnit.Requests, LimitWindow.Minute, 20, used: 4),
            State("p.tokens", LimitUnit.Tokens, LimitWindow.Day, 50_000, used: 49_000, reserved: 500),
            State("p.input", LimitUnit.InputTokens, LimitWindow.Minute, 60_000, used: 59_999));

        headers["X-RateLimit-Limit"].ToString().ShouldBe("60000");
        headers["X-RateLimit-Remaining"].ToString().ShouldBe("1");
        headers["X-RateLimit-Reset"].ToString().ShouldBe(Now.AddMinutes(1).ToUnixTimeSeconds().ToString());
        headers["x-ratelimit-limit-requests"].ToString().ShouldBe("20");
        headers["x-ratelimit-remaining-requests"].ToString().ShouldBe("16");
        headers["x-ratelimit-reset-requests"].ToString().ShouldBe("1m0s");
        headers["x-ratelimit-limit-tokens"].ToString().ShouldBe("50000");
        headers["x-ratelimit-remaining-tokens"].ToString().ShouldBe("500");
        headers["x-ratelimit-reset-tokens"].ToString().ShouldBe("12h0m0s");
        headers["RateLimit-Policy"].ToString().ShouldBe("\"p.daily\";q=10;w=86400, \"p.rpm\";q=20;w=60");
        headers["RateLimit"].ToString().ShouldBe("\"p.daily\";r=9;t=43200, \"p.rpm\";r=16;t=60");
    }

    [Fact]
    public void Write_InputTokensAlone_StandForTokens()
    {
        var headers = Written(State("p.input", LimitUnit.InputTokens, LimitWindow.Minute, 60_000, used: 100));

        headers["x-ratelimit-remaining-tokens"].ToString().ShouldBe("59900");
        headers.ContainsKey("RateLimit").ShouldBeFalse();
        headers.ContainsKey("x-ratelimit-limit-requests").ShouldBeFalse();
    }

    [Theory]
    [InlineData(LimitWindow.Minute, LimitWindow.Day, "b")]
    [InlineData(LimitWindow.Lifetime, LimitWindow.Month, "a")]
    [InlineData(LimitWindow.Rolling30Days, LimitWindow.Hour, "a")]
    public void Write_SharesThatAreEqual_ShowsTheLongerWindow(LimitWindow a, LimitWindow b, string shown)
    {
        var headers = Written(State("a", LimitUnit.Requests, a, 10, used: 5), State("b", LimitUnit.Requests, b, 20, used: 10));

        headers["X-RateLimit-Limit"].ToString().ShouldBe(shown is "a" ? "10" : "20");
    }

    [Fact]
    public void Write_Lifetime_HasNoReset()
    {
        var headers = Written(State("p.once", LimitUnit.Requests, LimitWindow.Lifetime, 1000, used: 1));

        headers["X-RateLimit-Remaining"].ToString().ShouldBe("999");
        headers.ContainsKey("X-RateLimit-Reset").ShouldBeFalse();
        headers.ContainsKey("x-ratelimit-reset-requests").ShouldBeFalse();
        headers["RateLimit-Policy"].ToString().ShouldBe("\"p.once\";q=1000");
        headers["RateLimit"].ToString().ShouldBe("\"p.once\";r=999");
    }

    [Fact]
    public void Write_OneAtATime_IsAMemberOfTheListsAndNeverTheTightest()
    {
        var headers = Written(
            State("p.one", LimitUnit.ConcurrentRequests, LimitWindow.None, 1, reserved: 1), State("p.daily", LimitUnit.Requests, LimitWindow.Day, 10, reserved: 1));

        headers["X-RateLimit-Remaining"].ToString().ShouldBe("9");
        headers["RateLimit-Policy"].ToString().ShouldBe("\"p.daily\";q=10;w=86400, \"p.one\";q=1;qu=\"concurrent-requests\"");
        headers["RateLimit"].ToString().ShouldBe("\"p.daily\";r=9;t=43200, \"p.one\";r=0");
    }

    [Fact]
    public void Write_DollarsAndComputeUnits_RoundsUpSoThatZeroMeansSpent()
    {
        var some = Written(State("p.credit", LimitUnit.NanoDollars, LimitWindow.Month, 500_000_000, used: 200_000_000));
        var none = Written(State("p.neurons", LimitUnit.MicroUnits, LimitWindow.Day, 10_000_000_000, used: 10_000_000_000));

        some["X-RateLimit-Limit"].ToString().ShouldBe("1");
        some["X-RateLimit-Remaining"].ToString().ShouldBe("1");
        none["X-RateLimit-Limit"].ToString().ShouldBe("10000");
        none["X-RateLimit-Remaining"].ToString().ShouldBe("0");
    }

    [Fact]
    public void Write_AccountAndCeilings_AreNoRateLimits()
    {
        Written(
            new QuotaState(Account.Postpaid, new WindowSpan("lifetime", null), long.MaxValue, 5, 0),
            new QuotaState(Account.Prepaid, new WindowSpan("lifetime", null), 5, 5, 0),
            new QuotaState(Account.OrgCeiling(1), WindowSpan.At(LimitWindow.Month, Now), 1, 1, 0),
            new QuotaState(Account.KeyCeiling("k", 1), WindowSpan.At(LimitWindow.Month, Now), 1, 1, 0)).ShouldBeEmpty();

        var headers = new HeaderDictionary();
        RateLimitHeaders.Write(headers, new SpentLimit(Account.Source, 5, 5, "usd", "lifetime", null), Now);
        headers.ShouldBeEmpty();
    }

    [Fact]
    public void Write_SpentLimit_ShowsWhatIsLeftOfIt()
    {
        var headers = new HeaderDictionary();
        RateLimitHeaders.Write(headers, new SpentLimit("p.tokens", 50_000, 49_900, "tokens", "month", new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)), Now);

        headers["X-RateLimit-Limit"].ToString().ShouldBe("50000");
        headers["x-ratelimit-remaining-tokens"].ToString().ShouldBe("100");
        headers["x-ratelimit-reset-tokens"].ToString().ShouldBe("60h0m0s");
    }

    [Fact]
    public void Write_NamesAndNumbersThatAStructuredFieldCannotHold_AreMadeToFit()
    {
        var headers = Written(State("a\"b\\c\nü", LimitUnit.Requests, LimitWindow.Lifetime, long.MaxValue));

        headers["RateLimit-Policy"].ToString().ShouldBe("\"a\\\"b\\\\c__\";q=999999999999999");
    }

    private static HeaderDictionary Written(params QuotaState[] states)
    {
        var headers = new HeaderDictionary();
        RateLimitHeaders.Write(headers, states, Now);
        return headers;
    }

    private static QuotaState State(string source, LimitUnit unit, LimitWindow window, long amount, long used = 0, long reserved = 0) =>
        new(new BoundLimit(source, "*", new Limit(source, unit, amount, window, LimitScope.Org)), WindowSpan.At(window, Now), amount, used, reserved);
}
