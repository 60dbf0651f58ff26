using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Tests.Core;

public sealed class RefusalCodesTests
{
    public static TheoryData<int, string> Statuses => new()
    {
        {
            400,
            "invalid_json invalid_request free_slug_not_enabled flex_slug_not_enabled conflicting_variants "
            + "context_length_exceeded cap_exceeded request_exceeds_limit sign_in_failed"
        },
        { 401, "invalid_api_key" },
        { 402, "insufficient_credits" },
        { 403, "key_disabled org_disabled insufficient_scope wrong_key_type plan_not_eligible model_not_allowed free_quota_exhausted sign_up_refused" },
        { 404, "model_not_found not_found" },
        { 405, "method_not_allowed" },
        { 408, "request_timeout" },
        { 409, "request_in_progress already_completed conflict" },
        { 412, "precondition_failed" },
        { 413, "request_too_large" },
        { 429, "free_quota_exceeded rate_limit_exceeded concurrency_limit_exceeded too_many_end_users sign_up_limit_reached" },
        { 431, "request_headers_too_large" },
        { 500, "internal_error" },
        { 502, "upstream_error" },
        { 503, "identity_provider_unavailable quota_unavailable outcome_unknown storage_unavailable overloaded shutting_down" },
        { 504, "upstream_timeout" },
    };

    public static TheoryData<RefusalCode> Codes => [.. Enum.GetValues<RefusalCode>()];

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Status_OfEachCode_IsTheOneThatCallersKnow(int status, string codes)
    {
        var ofThisStatus = Enum.GetValues<RefusalCode>().Where(code => code.Status() == status);

        ofThisStatus.Select(code => code.WireName()).ShouldBe(codes.Split(' '));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Failure_OfAnyCode_HasOneStatusForTheCallerTheRecordAndTheRepeat(RefusalCode code)
    {
        var refusal = new Refusal(code, "No.");
        var outcome = UpstreamOutcome.Failed(null, refusal);
        var kept = new RequestOutcome(outcome.Status, null, null) { Refusal = outcome.Refusal!.Code };
        var again = Refuse.FailedBefore(kept.Failure!.Value);

        (outcome.Status, outcome.ErrorCode, outcome.Counts).ShouldBe((refusal.Status, code.WireName(), false));
        (again.Code, again.Status).ShouldBe((code, refusal.Status));
    }

    [Theory]
    [InlineData(500, RefusalCode.InternalError)]
    [InlineData(502, RefusalCode.UpstreamError)]
    [InlineData(503, RefusalCode.Overloaded)]
    [InlineData(504, RefusalCode.UpstreamTimeout)]
    [InlineData(599, RefusalCode.InternalError)]
    [InlineData(200, null)]
    [InlineData(400, null)]
    [InlineData(499, null)]
    public void Failure_OfARowWithoutACode_GoesByItsStatus(int status, RefusalCode? failure) =>
        new RequestOutcome(status, null, null).Failure.ShouldBe(failure);

    [Fact]
    public void Failure_WhereAnAnswerWasKept_IsNone() =>
        new RequestOutcome(503, "application/json", new byte[] { 1 }).Failure.ShouldBeNull();
}
