namespace Freeway.Functions.Http.OpenApi;

/// <summary>What the operator can do with models, plans and upstreams.</summary>
internal static class CatalogueOperations
{
    private const string Version =
        """{"version":3,"hash":"5b1f0c9e2a7d4f60b83e5d1c7a9f2e4b6d8c0a1f3e5b7d9c2a4f6e8b0d1c3a5f","created_at":"2026-05-29T12:00:00Z","by":"settings","source":"api","comment":"Less for free","active":true}""";

    private const string Content =
        """{"version":1,"presets":["fastrouter"],"upstreams":{"loopback":{"base_url":"http://127.0.0.1:7072/v1"}},"models":[{"id":"demo/echo","name":"Demo: Echo","context_length":32768,"usd_per_million_tokens":{"input":0.1,"output":0.4},"free":{"enabled":true,"plan":"fastrouter-free"},"routes":[{"upstream":"loopback","model":"echo"}]}]}""";

    private const string Card =
        $$"""{"object":"catalogue","active":{{Version}},"since":"2026-05-29T12:00:00Z","latest":3,"follows_files":false,"scheduled":{"version":2,"at":"2026-06-01T00:00:00Z","by":"settings"},"catalogue":{{Content}},"presets":{} }""";

    private const string Model =
        """{"object":"model","id":"demo/echo","entry":{"id":"demo/echo","name":"Demo: Echo","context_length":32768,"usd_per_million_tokens":{"input":0.1,"output":0.4},"free":{"enabled":true,"plan":"fastrouter-free"},"routes":[{"upstream":"loopback","model":"echo"}]}}""";

    private const string Plan =
        """{"object":"plan","id":"fastrouter-free","preset":"fastrouter","entry":{"limits":[{"name":"daily","unit":"requests","amount":10,"window":"day","scope":"org_model"}]}}""";

    private const string Upstream =
        """{"object":"upstream","id":"groq","preset":"groq","entry":{"preset":"groq"},"whole":{"preset":"groq","base_url":"https://api.groq.com/openai/v1","key_setting":"GROQ_API_KEY"}}""";

    private const string Preset =
        """{"name":"fastrouter","kind":"plans","description":"Ten free requests a day for each model.","plans":["fastrouter-free"],"used":true}""";

    private const string None = """{"added":0,"removed":0,"changed":0,"data":[]}""";

    private const string Changed =
        """{"added":0,"removed":0,"changed":1,"data":[{"id":"demo/echo","change":"changed","fields":[{"field":"free.enabled","before":true,"after":false}]}]}""";

    private const string Report =
        $$"""{"object":"catalogue.change","dry_run":false,"version":4,"active":4,"against":3,"models":{{Changed}},"plans":{{None}},"upstreams":{{None}},"warnings":[]}""";

    private const string Sums = """{"admitted":12,"refused":3,"free_tokens":240,"gifted_tokens":0,"paid_tokens":48,"cost_nanos":14400,"cost_usd":"0.0000144"}""";

    private const string Simulation =
        $$"""{"object":"simulation","day":"2026-05-28","version":4,"against":3,"orgs":1,"unexplained":0,"before":{{Sums}},"after":{{Sums}},"refused_by":{"fastrouter-free.daily":3},"lines":[{"org":"demo","model":"demo/echo","before":{{Sums}},"after":{{Sums}},"refused_by":{"fastrouter-free.daily":3} }],"truncated":false}""";

    private const string Versions = "api/v1/admin/catalogue/versions";
    private const string Activations = "api/v1/admin/catalogue/activations";

    private static readonly string[] Change = ["dry_run", "at", "If-Match", "Idempotency-Key"];
    private static readonly int[] Reading = [401, 403, 500, 503];
    private static readonly int[] Changing = [400, 401, 403, 409, 412, 413, 431, 500, 503];

    private static readonly ApiContent VersionBody = new(ApiContent.Json, $$"""{"comment":"Less for free","catalogue":{{Content}}}""")
    {
        Schema = """{"type":"object","required":["catalogue"],"properties":{"comment":{"type":"string","maxLength":500},"catalogue":{"type":"object","description":"As catalogue.json; docs/plans.md and docs/upstreams.md say what each field means."},"presets":{"type":"object","description":"Presets by name, where they are not those of the active version or of the program."}}}""",
    };

    private static readonly ApiContent ActivationBody = new(ApiContent.Json, """{"version":1}""")
    {
        Schema = """{"type":"object","required":["version"],"properties":{"version":{"type":"integer","minimum":1},"at":{"type":"string","format":"date-time","description":"When it is to count; at once where it is left out or past."},"follow_files":{"type":"boolean","description":"Lets files decide again, as at the beginning: the one with which a process starts last is then activated."}}}""",
    };

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/catalogue", "getCatalogue", ApiTag.Admin, "The catalogue that counts, and what is scheduled")
        {
            Answers = [ApiContent.Of(PlainJson.Api.CatalogueResponse, Card)],
            HasRevision = true,
            Errors = Reading,
        },
        new("GET", Versions, "listCatalogueVersions", ApiTag.Admin, "The versions of the catalogue, newest first")
        {
            Parameters = ["limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageVersionResponse, AccountSamples.List(Version))],
            Errors = [400, .. Reading],
        },
        new("POST", Versions, "addCatalogueVersion", ApiTag.Admin, "Checks a catalogue and stores it as a version, without letting it count")
        {
            Description = "There is one version for each content: what is stored already is found. A dry run answers 200, and says which organisations would be treated differently if it counted.",
            Parameters = ["dry_run", "If-Match", "Idempotency-Key"],
            Body = VersionBody,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.CatalogueReport, Report)],
            Others = new Dictionary<int, ApiContent> { [200] = ApiContent.Of(PlainJson.Api.CatalogueReport, Report) },
            Errors = Changing,
        },
        new("GET", Versions + "/{number}", "getCatalogueVersion", ApiTag.Admin, "A version with what it holds")
        {
            Parameters = ["version"],
            Answers = [ApiContent.Of(PlainJson.Api.VersionContentResponse, $$"""{"object":"catalogue.version","version":{{Version}},"catalogue":{{Content}},"presets":{} }""")],
            HasRevision = true,
            Errors = [404, .. Reading],
        },
        new("POST", Activations, "activateCatalogueVersion", ApiTag.Admin, "Lets a version count, now or at a time; an earlier one is a roll-back")
        {
            Description = "Every instance goes by it within 30 seconds, or from that time on. A request under way keeps the version that it began with.",
            Parameters = ["dry_run", "If-Match", "Idempotency-Key"],
            Body = ActivationBody,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.CatalogueReport, Report)],
            Errors = Changing,
        },
        new("DELETE", Activations, "cancelCatalogueActivation", ApiTag.Admin, "Takes back the activation that is scheduled")
        {
            Parameters = ["If-Match", "Idempotency-Key"],
            Success = 204,
            Answers = [],
            Errors = [404, .. Changing],
        },
        .. Entries("models", "{*model}", "model_id", "Model", Model, """{"free":{"enabled":false}}"""),
        .. Entries("plans", "{name}", "plan_name", "Plan", Plan, """{"limits":[{"name":"daily","unit":"requests","amount":5,"window":"day","scope":"org_model"}]}"""),
        .. Entries("upstreams", "{name}", "upstream", "Upstream", Upstream, """{"models_path":"models"}""").Where(operation => operation.Template.EndsWith('}')),
        new("POST", "api/v1/admin/simulations", "simulateDay", ApiTag.Admin, "A past day as it would have been under another catalogue")
        {
            Description = "Replays the day's activity, and the requests that were refused, in their order. Nothing is changed. docs/catalogue.md says what it knows and what not.",
            Body = new ApiContent(ApiContent.Json, """{"day":"2026-05-28","version":1,"include_refused":true}""")
            {
                Schema = """{"type":"object","required":["day"],"properties":{"day":{"type":"string","format":"date"},"version":{"type":"integer","minimum":1},"catalogue":{"type":"object","description":"In the place of a version."},"presets":{"type":"object"},"orgs":{"type":"array","items":{"type":"string"}},"include_refused":{"type":"boolean","default":true}}}""",
            },
            Answers = [ApiContent.Of(PlainJson.Api.SimulationReport, Simulation)],
            Errors = [400, 413, 431, .. Reading],
        },
        new("GET", "api/v1/admin/presets", "listPresets", ApiTag.Admin, "The presets of plans and upstreams that come with the program")
        {
            Answers = [ApiContent.Of(PlainJson.Api.PagePresetResponse, AccountSamples.List(Preset))],
            Errors = Reading,
        },
    ];

    private static IEnumerable<ApiOperation> Entries(string path, string template, string parameter, string name, string sample, string patch)
    {
        var (list, one, word) = ($"api/v1/admin/{path}", $"api/v1/admin/{path}/{template}", name.ToLowerInvariant());
        yield return new("GET", list, $"listCatalogue{name}s", ApiTag.Admin, $"The {word}s of the catalogue, in its order")
        {
            Parameters = ["limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageEntryResponse, AccountSamples.List(sample))],
            Errors = [400, .. Reading],
        };
        yield return new("GET", one, $"getCatalogue{name}", ApiTag.Admin, $"A {word} as the catalogue has it")
        {
            Parameters = [parameter],
            Answers = [ApiContent.Of(PlainJson.Api.EntryResponse, sample)],
            HasRevision = true,
            Errors = [404, .. Reading],
        };
        yield return Write("PUT", $"put{name}", $"Writes a {word} anew, or adds it", $"The body is an entry as the catalogue has it. {Makes}", Entry(sample), []);
        yield return Write("PATCH", $"patch{name}", $"Changes members of a {word}", $"The body is a JSON merge patch (RFC 7396): null takes a member away. {Makes}", new ApiContent(ApiContent.Json, patch) { Schema = AnyObject }, [404]);
        yield return Write("DELETE", $"remove{name}", $"Takes a {word} out of the catalogue", Makes, null, [404]);

        ApiOperation Write(string method, string id, string summary, string description, ApiContent? body, int[] errors) => new(method, one, id, ApiTag.Admin, summary)
        {
            Description = description,
            Parameters = [parameter, .. Change],
            Body = body,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.CatalogueReport, Report)],
            Errors = [.. errors, .. Changing],
        };
    }

    private const string AnyObject = """{"type":"object"}""";

    private const string Makes = "Makes a version of the active one with this change, and lets it count.";

    private static ApiContent Entry(string sample) =>
        new(ApiContent.Json, System.Text.Json.Nodes.JsonNode.Parse(sample)!["entry"]!.ToJsonString()) { Schema = AnyObject };
}
