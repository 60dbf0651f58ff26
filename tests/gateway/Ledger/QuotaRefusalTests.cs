using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class QuotaRefusalTests
{
    private static readonly TimeSpan UntilMidnight = TimeSpan.FromHours(12);

    [Fact]
    public void Of_TheDailyRequestsOfAModel_SaysWhatTheReferenceSays() =>
        Of(Samples.Limit(LimitUnit.Requests, 10, LimitWindow.Day, "daily", LimitScope.OrgModel), 10, 1).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.FreeQuotaExceeded),
            refusal => refusal.RetryAfter.ShouldBe(UntilMidnight),
            refusal => refusal.Message.ShouldBe(
                "Your organisation has reached the daily free request limit for this model. The quota of 10 is whole again at 2026-05-30T00:00:00Z."));

    [Fact]
    public void Of_AnEstimateThatDoesNotFit_SaysWhatItCouldNeedAndWhatIsLeft() =>
        Of(Samples.Tokens(50_000), 49_000, 4000).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.FreeQuotaExceeded),
            refusal => refusal.RetryAfter.ShouldBe(UntilMidnight),
            refusal => refusal.Message.ShouldBe(
                "This request could need 4000 tokens and 1000 tokens are left of your organisation's free quota of 50000 tokens per day. Send a shorter prompt, or wait until 2026-05-30T00:00:00Z, when it is whole again."));

    [Fact]
    public void Of_AnEstimateAboveTheWholeLimit_DoesNotSendTheCallerWaiting() =>
        Of(Samples.Tokens(50_000), 0, 60_000).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.RequestExceedsLimit),
            refusal => refusal.RetryAfter.ShouldBeNull(),
            refusal => refusal.Message.ShouldEndWith("per day. Send a shorter prompt."));

    [Theory]
    [InlineData(LimitUnit.Requests, 20, 20, 1, "Too many requests in this minute: 20 are allowed. Wait for the next minute.")]
    [InlineData(LimitUnit.InputTokens, 60_000, 60_000, 500, "Too many input tokens in this minute: 60000 are allowed. Wait for the next minute.")]
    [InlineData(LimitUnit.InputTokens, 60_000, 59_000, 5000, "This request could need 5000 input tokens and 1000 of the 60000 that are allowed in this minute are left. Send a shorter prompt, or wait for the next minute.")]
    [InlineData(LimitUnit.InputTokens, 60_000, 0, 70_000, "This request could need 70000 input tokens and 60000 are allowed in a minute. Send a shorter prompt.")]
    public void Of_AMinute_NeverSpeaksOfQuotaOrBilling(LimitUnit unit, long amount, long used, long needed, string words)
    {
        var refusal = Of(Samples.Limit(unit, amount, LimitWindow.Minute, "per-minute"), used, needed);

        refusal.Code.ShouldBe(needed > amount ? RefusalCode.RequestExceedsLimit : RefusalCode.RateLimitExceeded);
        refusal.Message.ShouldBe(words);
        words.ShouldNotContain("quota");
        words.ShouldNotContain("billing");
    }

    [Fact]
    public void Of_ALimitOnConcurrency_WaitsASecondAndNeverSpeaksOfQuota() =>
        Of(Samples.AtOnce(1), 0, 1, reserved: 1).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.ConcurrencyLimitExceeded),
            refusal => refusal.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1)),
            refusal => refusal.Message.ShouldBe("One request at a time is allowed here, and one is under way. Wait for it to end, then try again."));

    [Fact]
    public void Of_CreditThatNeverComesBack_SaysSo() =>
        Of(Samples.Limit(LimitUnit.NanoDollars, Samples.Usd, LimitWindow.Lifetime, "credit"), Samples.Usd, 500_000).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.FreeQuotaExhausted),
            refusal => refusal.RetryAfter.ShouldBeNull(),
            refusal => refusal.Limit!.Amount.ShouldBe(1m),
            refusal => refusal.Message.ShouldBe("Your organisation's free quota of 1 USD is used up. It does not come back."));

    [Fact]
    public void Of_TheAccount_SaysWhatIsNeededAndLeftInUsd() =>
        Of(Account.Prepaid, 400_000_000, 150_000, bought: 400_100_000).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.InsufficientCredits),
            refusal => refusal.Message.ShouldBe("This request could cost 0.00015 USD and the account has 0.0001 USD left. Top it up, or send a shorter prompt."));

    [Fact]
    public void Of_TheAccountBehindAGiftWithSomethingLeft_SaysHowToStayWithinIt()
    {
        var gift = State(Samples.Tokens(1000, "gift"), 800);

        QuotaRefusal.Of([new QuotaShortage(State(Account.Prepaid, 0), 150_000, gift, "max_tokens")], Samples.Now).Message.ShouldBe(
            "This request could cost 0.00015 USD and the account has 0 USD left. Top it up; or, as the gift has 200 tokens left, lower max_tokens so that it covers the request.");
    }

    [Fact]
    public void Of_AMonthlyCeiling_SaysWhenItIsWholeAgain() =>
        Of(Account.KeyCeiling("key-1", 2 * Samples.Usd), 2 * Samples.Usd, 150_000).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.InsufficientCredits),
            refusal => refusal.RetryAfter.ShouldBe(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero) - Samples.Now),
            refusal => refusal.Message.ShouldContain("0 USD are left of this key's monthly spend ceiling of 2 USD. It is whole again at 2026-06-01T00:00:00Z"));

    [Fact]
    public void Of_SeveralLimits_NamesTheOneThatBindsLongest()
    {
        var daily = new QuotaShortage(State(Samples.Tokens(10), 10), 5, null);
        var minute = new QuotaShortage(State(Samples.Limit(LimitUnit.Requests, 1, LimitWindow.Minute, "per-minute"), 1), 1, null);
        var atOnce = new QuotaShortage(State(Samples.AtOnce(1), 0, reserved: 1), 1, null);
        var account = new QuotaShortage(State(Account.Prepaid, 0), 1, null);

        QuotaRefusal.Of([atOnce, minute], Samples.Now).Code.ShouldBe(RefusalCode.RateLimitExceeded);
        QuotaRefusal.Of([atOnce, minute, daily], Samples.Now).Code.ShouldBe(RefusalCode.FreeQuotaExceeded);
        QuotaRefusal.Of([atOnce, account, minute, daily], Samples.Now).Code.ShouldBe(RefusalCode.InsufficientCredits);
    }

    private static Refusal Of(BoundLimit bound, long used, long needed, long reserved = 0, long bought = 0) =>
        QuotaRefusal.Of([new QuotaShortage(State(bound, used, reserved, bought), needed, null)], Samples.Now);

    private static QuotaState State(BoundLimit bound, long used, long reserved = 0, long bought = 0) =>
        QuotaState.Of(bound, Samples.Row(bound, used, reserved, bought));
}
