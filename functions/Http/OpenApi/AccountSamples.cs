namespace Freeway.Functions.Http.OpenApi;

/// <summary>Answers to look-ups, as examples.</summary>
internal static class AccountSamples
{
    public const string Quota =
        """{"id":"fastrouter-free.daily","kind":"hard","model":"demo/echo","unit":"requests","window":"day","window_id":"2026-05-29","scope":"org_model","limit":10,"used":1,"reserved":0,"remaining":9,"resets_at":"2026-05-30T00:00:00Z"}""";

    public const string Model =
        $$"""{"object":"model","id":"demo/echo","owned_by":"demo","created":1780056000,"name":"Demo: Echo","context_length":32768,"pricing":{"prompt":"0.0000001","completion":"0.0000004"},"free":{"enabled":true,"slug":"demo/echo:free","limits":[{{Quota}}],"plan":"fastrouter-free","eligible":true},"variants":["free","flex"]}""";

    public const string Check =
        """{"object":"quota.check","admitted":true,"slug":"demo/echo:free","model":"demo/echo","tier":"free","reservation":[{"id":"fastrouter-free.daily","unit":"requests","amount":1}],"estimate":{"input_tokens":12,"output_tokens":32756,"images":0,"characters":0,"seconds":0,"cost_usd":"0.00"},"refusal":null}""";

    public const string Key =
        $$"""{"object":"key","id":"demo-key","label":"Demo key","org":{"id":"demo","name":"Demo"},"plan":"pay-as-you-go","is_free_tier":false,"premium":false,"overflow":null,"refusal_status":429,"monthly_ceiling_usd":null,"limits":[{{Quota}}],"usage":{"today":{{Usage}},"this_month":{{Usage}} } }""";

    public const string Credits = """{"object":"credits","bought_usd":"5.00","spent_usd":"0.25","held_usd":"0.00","left_usd":"4.75"}""";

    public const string Activity =
        """{"id":"019e7480d2a07c7f9b1e5a3c4d5e6f70","time":"2026-05-29T12:00:00.000Z","org":"demo","key":"demo-key","endpoint":"chat/completions","slug":"demo/echo:free","model":"demo/echo","variant":"free","tier":"free","plan":"fastrouter-free","upstream":"loopback","status":200,"stream":false,"finish_reason":"stop","prompt_tokens":1,"completion_tokens":1,"total_tokens":2,"cached_tokens":0,"reasoning_tokens":0,"gifted_tokens":2,"billed_tokens":0,"images":0,"characters":0,"seconds":0,"cost_nanos":0,"cost_usd":"0.00","estimated":false,"latency_ms":42,"ttft_ms":12,"attempts":[{"upstream":"loopback","model":"echo","status":200,"ms":12}],"booked":[{"limit":"fastrouter-free.daily","subject":"demo/echo","window":"2026-05-29","amount":1}]}""";

    private const string Usage =
        """{"requests":1,"free":{"requests":1,"total_tokens":2},"gifted":{"requests":0,"tokens":0},"paid":{"requests":0,"tokens":0,"cost_usd":"0.00"}}""";

    public static string List(string item) => $$"""{"object":"list","data":[{{item}}]}""";
}
