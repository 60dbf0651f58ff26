using System.Text.Json;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Tests.Shared;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Tests.Http;

public sealed class RefusalResponseWriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 29, 12, 0, 0, 120, TimeSpan.Zero);

    private static readonly Refusal Spent = new(RefusalCode.FreeQuotaExceeded, "Spent.")
    {
        RetryAfter = TimeSpan.FromHours(12),
        Limit = new SpentLimit("apilaplas-free.daily-tokens", 50_000, 50_000, "tokens", "day", new DateTimeOffset(2026, 5, 30, 0, 0, 0, TimeSpan.Zero)),
    };

    /// <summary>A code that a caller can get is in the guide, in the row of its status.</summary>
    [Fact]
    public void Codes_OfAllRefusals_StandInTheGuideWithTheirStatus()
    {
        var guide = File.ReadAllLines(Path.Combine(RepositoryFolder.Root, "docs", "http.md"));
        string[] missing =
        [
            .. Enum.GetValues<RefusalCode>()
                .Where(code => !guide.Any(line =>
                    line.StartsWith('|') && line.Split('|')[1].Contains($"{code.Status()}", StringComparison.Ordinal)
                    && line.Contains($"`{code.WireName()}`", StringComparison.Ordinal)))
                .Select(code => $"{code.Status()} {code.WireName()}"),
        ];

        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refusal_OfCaps_NamesTheCapBesideTheField()
    {
        var (response, body) = await WrittenAsync(Refuse.CapExceeded("max_tokens", 512, "At most 512."));

        response.StatusCode.ShouldBe(400);
        body.GetProperty("error").GetProperty("code").GetString().ShouldBe("cap_exceeded");
        body.GetProperty("error").GetProperty("param").GetString().ShouldBe("max_tokens");
        body.GetProperty("error").GetProperty("cap").GetRawText().ShouldBe("512");
    }

    [Fact]
    public async Task Refusal_OfACap_WritesItAsWhatItIs()
    {
        (await CapAsync(Refuse.ContextLengthExceeded("messages", "max_tokens", 9000, 8192))).ShouldBe("8192");
        (await CapAsync(Refuse.CapExceeded("n", 1, "One."))).ShouldBe("1");
        (await CapAsync(Refuse.CapExceeded("size", "512x512", "Smaller."))).ShouldBe("\"512x512\"");
        (await CapAsync(Refuse.CapExceeded("messages", CapBound.Forbidden, "No."))).ShouldBe("false");

        static async Task<string> CapAsync(Refusal refusal) =>
            (await WrittenAsync(refusal)).Body.GetProperty("error").GetProperty("cap").GetRawText();
    }

    [Theory]
    [InlineData(HardRefusal.TooManyRequests, 429)]
    [InlineData(HardRefusal.Forbidden, 403)]
    [InlineData(HardRefusal.PaymentRequired, 402)]
    public async Task SpentQuota_AsTheKeyWantsToHearOfIt_ChangesTheStatusAlone(HardRefusal wanted, int status)
    {
        var (response, body) = await WrittenAsync(Spent with { HardRefusal = wanted });

        response.StatusCode.ShouldBe(status);
        response.Headers.RetryAfter.ToString().ShouldBe("43200");
        response.Headers["x-should-retry"].ToString().ShouldBe("false");
        response.Headers["x-ratelimit-remaining-tokens"].ToString().ShouldBe("0");
        body.GetRawText().ShouldBe((await WrittenAsync(Spent)).Body.GetRawText());
        body.GetProperty("error").GetProperty("type").GetString().ShouldBe("rate_limit_error");
    }

    [Theory]
    [InlineData(RefusalCode.RateLimitExceeded, 429)]
    [InlineData(RefusalCode.ConcurrencyLimitExceeded, 429)]
    [InlineData(RefusalCode.InsufficientCredits, 402)]
    public async Task OtherRefusals_OfAKeyThatWantsForbidden_KeepTheirStatus(RefusalCode code, int status) =>
        (await WrittenAsync(new Refusal(code, "No.") { HardRefusal = HardRefusal.Forbidden })).Response.StatusCode.ShouldBe(status);

    [Fact]
    public async Task SpentQuota_InTheDialectOfApilaplas_HasItsFlatBody()
    {
        var (response, body) = await WrittenAsync(Spent with { Dialect = Dialect.Apilaplas });

        response.StatusCode.ShouldBe(403);
        response.Headers.RetryAfter.ToString().ShouldBe("43200");
        body.EnumerateObject().Select(member => member.Name).ShouldBe(["message", "path", "requestId", "statusCode", "timestamp"]);
        body.GetProperty("message").GetString().ShouldBe(
            "You have exhausted the available [plan.rule:daily_tokens] resource limit. Update your payment method to "
            + "continue using the service. For more information please visit https://www.apilaplas.com/app/billing");
        body.GetProperty("path").GetString().ShouldBe("/v1/chat/completions");
        body.GetProperty("requestId").GetString().ShouldBe("r1");
        body.GetProperty("statusCode").GetString().ShouldBe("403");
        body.GetProperty("timestamp").GetString().ShouldBe("2026-05-29T12:00:00.120Z");
    }

    [Fact]
    public async Task OtherErrors_InTheDialectOfApilaplas_HaveTheUsualShape() =>
        (await WrittenAsync(Refuse.CapExceeded("max_tokens", 512, "No.") with { Dialect = Dialect.Apilaplas })).Body.TryGetProperty("error", out _).ShouldBeTrue();

    [Theory]
    [InlineData("application/problem+json", true)]
    [InlineData("application/problem+json, application/json", true)]
    [InlineData("application/json;q=0.5, application/problem+json;q=0.8", true)]
    [InlineData("application/json;q=0.5, */*;q=0.9, application/problem+json;q=0.8", true)]
    [InlineData("Application/Problem+JSON; charset=utf-8", true)]
    [InlineData("application/json, application/problem+json;q=0.5", false)]
    [InlineData("*/*, application/problem+json;q=0.5", false)]
    [InlineData("application/problem+json;q=0", false)]
    [InlineData("application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("application/*", false)]
    [InlineData("", false)]
    [InlineData("what, ;;is this", false)]
    public async Task Refusal_ByWhatTheCallerAccepts_IsAProblemOrAnError(string accept, bool problem)
    {
        var (response, body) = await WrittenAsync(Spent, accept);

        response.ContentType.ShouldStartWith(problem ? "application/problem+json" : "application/json");
        body.TryGetProperty("error", out _).ShouldBe(!problem);
    }

    [Fact]
    public async Task SpentQuota_AsAProblem_NamesThePolicyThatWasViolated()
    {
        var (response, body) = await WrittenAsync(Spent with { Dialect = Dialect.Apilaplas }, "application/problem+json");

        response.StatusCode.ShouldBe(403);
        body.GetProperty("type").GetString().ShouldBe("https://iana.org/assignments/http-problem-types#quota-exceeded");
        body.GetProperty("title").GetString().ShouldBe("Quota exceeded");
        body.GetProperty("status").GetInt32().ShouldBe(403);
        body.GetProperty("detail").GetString().ShouldBe("Spent.");
        body.GetProperty("instance").GetString().ShouldBe("r1");
        body.GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
        body.GetProperty("violated-policies")[0].GetString().ShouldBe("apilaplas-free.daily-tokens");
        body.GetProperty("quota_limit").GetInt64().ShouldBe(50_000);
        body.GetProperty("reset_at").GetString().ShouldBe("2026-05-30T00:00:00Z");
    }

    [Fact]
    public async Task OtherRefusals_AsProblems_HaveTheTypeOfTheirStatus()
    {
        var outage = (await WrittenAsync(Refuse.QuotaUnavailable(), "application/problem+json")).Body;
        outage.GetProperty("type").GetString().ShouldBe("https://iana.org/assignments/http-problem-types#temporary-reduced-capacity");
        outage.TryGetProperty("violated-policies", out _).ShouldBeFalse();

        var unknown = (await WrittenAsync(Refuse.ModelNotFound("nobody"), "application/problem+json")).Body;
        unknown.GetProperty("type").GetString().ShouldBe("about:blank");
        unknown.GetProperty("title").GetString().ShouldBe("Not Found");
        unknown.GetProperty("param").GetString().ShouldBe("model");
    }

    [Fact]
    public async Task Repeats_NameTheRequestThatTheyRepeat()
    {
        var (running, runningBody) = await WrittenAsync(Refuse.RequestInProgress("r0"));
        var (done, doneBody) = await WrittenAsync(Refuse.AlreadyCompleted("r0"));

        running.StatusCode.ShouldBe(409);
        running.Headers.RetryAfter.ToString().ShouldBe("1");
        running.Headers.ContainsKey("x-should-retry").ShouldBeFalse();
        runningBody.GetProperty("error").GetProperty("repeat_of").GetString().ShouldBe("r0");
        done.StatusCode.ShouldBe(409);
        done.Headers["x-should-retry"].ToString().ShouldBe("false");
        doneBody.GetProperty("error").GetProperty("repeat_of").GetString().ShouldBe("r0");
    }

    [Fact]
    public async Task EveryCode_HasAStatusAndANameInSnakeCase()
    {
        foreach (var code in Enum.GetValues<RefusalCode>())
        {
            var (response, body) = await WrittenAsync(new Refusal(code, "No."));

            var recorded = UpstreamOutcome.Failed(null, new Refusal(code, "No.")).Status;
            response.StatusCode.ShouldBe(recorded, "the record says what the caller got");
            response.StatusCode.ShouldBe(code.Status());
            body.GetProperty("error").GetProperty("code").GetString()!.ShouldMatch("^[a-z]+(_[a-z]+)*$");
        }
    }

    private static async Task<(HttpResponse Response, JsonElement Body)> WrittenAsync(Refusal refusal, string accept = "")
    {
        var http = new DefaultHttpContext { Request = { Path = "/api/v1/chat/completions" }, Response = { Body = new MemoryStream() } };
        http.Response.Headers["x-request-id"] = "r1";
        http.Request.Headers.Accept = accept;
        await RefusalResponseWriter.WriteAsync(http.Response, refusal, Now);
        http.Response.Body.Position = 0;
        using var body = await JsonDocument.ParseAsync(http.Response.Body);
        return (http.Response, body.RootElement.Clone());
    }
}
