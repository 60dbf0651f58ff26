namespace Freeway.Functions.Http.OpenApi;

/// <summary>What an org used and what it was refused, as lists and as CSV.</summary>
internal static class UsageOperations
{
    public const string Line =
        """{"period":"2026-05-29","model":"demo/echo","requests":12,"free":{"requests":10,"total_tokens":240},"gifted":{"requests":0,"tokens":0},"paid":{"requests":2,"tokens":48,"cost_usd":"0.0000144"},"refused":{"count":3,"reasons":[{"code":"free_quota_exceeded","limit":"fastrouter-free.daily","count":3}]},"cached_tokens":0,"reasoning_tokens":0}""";

    public const string Refusal =
        """{"minute":"2026-05-29T12:00:00Z","model":"demo/echo","variant":"free","code":"free_quota_exceeded","limit":"fastrouter-free.daily","count":3}""";

    public static readonly ApiContent ActivityCsv = Csv(
        "time,id,org,key,endpoint,slug,model,variant,tier,plan,upstream,upstream_model,upstream_request_id,status,error_code,stream,finish_reason,prompt_tokens,completion_tokens,total_tokens,gifted_tokens,billed_tokens,images,characters,seconds,cost_usd,estimated,latency_ms,ttft_ms,app,context_length,caller_request_id,cached_tokens,reasoning_tokens\r\n"
        + "2026-05-29T12:00:00.000Z,019e7480d2a07c7f9b1e5a3c4d5e6f70,demo,demo-key,chat/completions,demo/echo:free,demo/echo,free,free,fastrouter-free,loopback,echo,,200,,false,stop,1,1,2,2,0,0,0,0,0.00,false,42,12,,32768,,0,0\r\n");

    public static readonly ApiContent UsageCsv = Csv(
        "period,model,key,tier,requests,free_requests,free_tokens,gifted_requests,gifted_tokens,paid_requests,paid_tokens,paid_usd,refused,refused_for,cached_tokens,reasoning_tokens\r\n"
        + "2026-05-29,demo/echo,,,12,10,240,0,0,2,48,0.0000144,3,free_quota_exceeded (fastrouter-free.daily): 3,0,0\r\n");

    public static readonly ApiContent RefusalsCsv = Csv(
        "minute,model,variant,code,limit,count\r\n2026-05-29T12:00:00.000Z,demo/echo,free,free_quota_exceeded,fastrouter-free.daily,3\r\n");

    private static readonly int[] Errors = [400, 401, 403, 500, 503];

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/usage", "getUsage", ApiTag.Account, "What the organisation used, summed up, newest first")
        {
            Description = "Free, gifted and paid use stand apart; only requests are counted together too. Today is included. Refusals are told where the lines are divided by neither key nor tier. "
                + "With `Accept: text/csv` all lines come, unless `limit` is given.",
            Parameters = ["by", "group", "from_day", "to_day", "model", "key", "tier", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageUsageLine, AccountSamples.List(Line)), UsageCsv],
            Errors = Errors,
        },
        new("GET", "api/v1/refusals", "listRefusals", ApiTag.Account, "What the organisation was refused, by the minute, newest first")
        {
            Description = "A refusal shows some seconds after it was told. With `Accept: text/csv` all lines come, unless `limit` is given.",
            Parameters = ["from", "to", "model", "code", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageRefusalResponse, AccountSamples.List(Refusal)), RefusalsCsv],
            Errors = Errors,
        },
    ];

    private static ApiContent Csv(string example) => new("text/csv", example) { Schema = """{"type":"string"}""" };
}
