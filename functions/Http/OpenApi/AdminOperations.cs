namespace Freeway.Functions.Http.OpenApi;

/// <summary>What the operator can do.</summary>
internal static class AdminOperations
{
    private const string Resets =
        """{"object":"list","data":[{"day":"2026-05-28","first_run_at":"2026-05-29T00:00:00Z","last_run_at":"2026-05-29T00:00:00Z","closed_at":"2026-05-29T00:00:01Z","runs":1,"orgs_closed":1,"orgs_failed":0,"corrections":0,"late_seconds":0}]}""";

    private static readonly int[] Errors = [401, 500, 503];

    public static IEnumerable<ApiOperation> All =>
    [
        new("POST", "api/v1/admin/credits", "addCredits", ApiTag.Admin, "Adds to an organisation's account, once for each Idempotency-Key")
        {
            Parameters = ["Idempotency-Key"],
            Body = new ApiContent(ApiContent.Json, """{"org":"demo","usd":"5.00"}""")
            {
                Schema = """{"type":"object","required":["org","usd"],"properties":{"org":{"type":"string"},"usd":{"type":["string","number"],"description":"Above 0, nine decimals at most."}}}""",
            },
            Answers = [ApiContent.Of(PlainJson.Api.CreditsCard, AccountSamples.Credits)],
            Errors = [400, 404, 413, 431, .. Errors],
        },
        new("GET", "api/v1/admin/resets", "listResets", ApiTag.Admin, "The days that were closed, newest first")
        {
            Answers = [ApiContent.Of(PlainJson.Api.PageResetCard, Resets)],
            Errors = Errors,
        },
        new("POST", "api/v1/admin/resets", "runResets", ApiTag.Admin, "Closes now the days that are due, as the timer does")
        {
            Answers = [ApiContent.Of(PlainJson.Api.PageResetCard, Resets)],
            Errors = Errors,
        },
    ];
}
