using System.Text.Json.Nodes;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Notices;

namespace Freeway.Functions.Http.OpenApi;

/// <summary>Parameters and headers, once each, for operations to refer to.</summary>
internal static class ApiParts
{
    public static JsonObject Parameters => new()
    {
        ["slug"] = Parameter("slug", "path", """{"type":"string"}""", "A model id, with or without its suffix; slashes plain or percent-encoded.", "demo/echo:free"),
        ["file"] = Parameter("file", "path", """{"type":"string"}""", "A file's name, as the page has it.", "licences.txt"),
        ["id"] = Parameter("id", "path", """{"type":"string"}""", "The record's id: `x-freeway-request-id` of the answer.", "019e7480d2a07c7f9b1e5a3c4d5e6f70"),
        ["upstream"] = Parameter("name", "path", """{"type":"string"}""", "An upstream's name in the catalogue.", "openrouter"),
        ["model_id"] = Parameter("model", "path", """{"type":"string"}""", "A model's id; slashes plain or percent-encoded.", "demo/echo"),
        ["plan_name"] = Parameter("name", "path", """{"type":"string"}""", "A plan's name in the catalogue.", "fastrouter-free"),
        ["version"] = Parameter("number", "path", """{"type":"integer","minimum":1}""", "A version's number.", 1),
        ["dry_run"] = Parameter("dry_run", "query", """{"type":"boolean","default":false}""", "Changes nothing: reports what would change, and for which organisations.", true),
        ["at"] = Parameter("at", "query", """{"type":"string","format":"date-time"}""", "When it is to count; at once where it is left out or past.", "2027-01-01T00:00:00Z"),
        ["org"] = Parameter("org", "path", """{"type":"string"}""", "An organisation's id.", "acme"),
        ["orgInQuery"] = Parameter("org", "query", """{"type":"string"}""", "An organisation's id.", "acme", required: true),
        ["orgFilter"] = Parameter("org", "query", """{"type":"string"}""", "An organisation's id: what was changed about it, its keys and its account.", "acme"),
        ["webhook_filter"] = Parameter("org", "query", """{"type":"string"}""", "The organisation whose webhook they are for; `*` for the deployment's.", "acme"),
        ["notice_status"] = Parameter("status", "query", OneOf(WireNames.Of<NoticeStatus>()), "What became of them."),
        ["keyInPath"] = Parameter("key", "path", """{"type":"string"}""", "The key's id.", "robot"),
        ["invitationInPath"] = Parameter("invitation", "path", """{"type":"string"}""", "The invitation's id.", "ada"),
        ["include"] = Parameter("include", "query", """{"type":"string","enum":["deleted"]}""", "Whether those that were taken away are listed too."),
        ["kind"] = Parameter("kind", "query", OneOf(WireNames.Of<SubjectKind>()), "What was changed."),
        ["subject"] = Parameter("id", "query", """{"type":"string"}""", "The id of what was changed."),
        ["byOperator"] = Parameter("by", "query", """{"type":"string"}""", "The id of the management key that changed it."),
        ["limit"] = Parameter("limit", "query", """{"type":"integer","minimum":1,"maximum":1000,"default":100}""", "How many records at most.", 100),
        ["cursor"] = Parameter("cursor", "query", """{"type":"string"}""", "`next_cursor` of the page before."),
        ["from"] = Parameter("from", "query", """{"type":"string"}""", "The earliest time, a date or a time in ISO 8601.", "2026-05-29"),
        ["to"] = Parameter("to", "query", """{"type":"string"}""", "The latest time, not included.", "2026-05-30"),
        ["org_of_books"] = Parameter("org", "path", """{"type":"string"}""", "An organisation's id.", "demo"),
        ["org_to_compare"] = Parameter("org", "query", """{"type":"string"}""", "An organisation's id; else all are compared.", "demo"),
        ["days"] = Parameter("days", "query", """{"type":"integer","minimum":1,"maximum":400,"default":2}""", "How many days' records are looked through, today included.", 2),
        ["from_day"] = Parameter("from", "query", """{"type":"string","format":"date"}""", "The first day; else the last 30 days, or 12 months, are summed up.", "2026-05-01"),
        ["to_day"] = Parameter("to", "query", """{"type":"string","format":"date"}""", "The day after the last; else today is the last.", "2026-06-01"),
        ["by"] = Parameter("by", "query", $$"""{"type":"string","enum":{{ApiEnums.List(WireNames.Of<UsagePeriod>())}},"default":"day"}""", "How long a stretch each line sums up."),
        ["refusals_by"] = Parameter("by", "query", $$"""{"type":"string","enum":{{ApiEnums.List(WireNames.Of<RefusalPeriod>())}},"default":"hour"}""", "How long a stretch each line sums up, in UTC."),
        ["group"] = Parameter("group", "query", """{"type":"string"}""", "Divides the lines by `model`, `key` or `tier`, or by several of them with commas between.", "model"),
        ["code"] = Parameter("code", "query", """{"type":"string"}""", "An error's code.", "free_quota_exceeded"),
        ["model"] = Parameter("model", "query", """{"type":"string"}""", "A model's id.", "demo/echo"),
        ["tier"] = Parameter("tier", "query", """{"type":"string","enum":["free","gift","paid"]}""", "Who paid."),
        ["key"] = Parameter("key", "query", """{"type":"string"}""", "A key's id.", "demo-key"),
        ["end_user"] = Parameter("end_user", "query", """{"type":"string"}""", "An end user's hash, or the id as requests give it. Of an id in an address, logs on the way may tell: send it as `x-freeway-end-user` instead.", "eu_3f8a0c1d5e7b92a4c6d8e0f112233445"),
        ["X-Freeway-End-User"] = Parameter("x-freeway-end-user", "header", """{"type":"string"}""", "The id of the end user; it goes before `safety_identifier` and `user` of the body, and before `end_user`.", "user-42"),
        ["status"] = Parameter("status", "query", """{"type":"integer","minimum":100,"maximum":599}""", "The status that the caller got.", 200),
        ["X-Request-Id"] = Parameter("x-request-id", "header", """{"type":"string","minLength":1,"maxLength":128,"pattern":"^[A-Za-z0-9_.~:/+=@-]+$"}""", "The caller's own id for this request, told back and noted in the activity.", "trace-42"),
        ["Idempotency-Key"] = Parameter("Idempotency-Key", "header", """{"type":"string","minLength":1,"maxLength":200}""", "Makes repeats of a request one: one unit of quota, one charge, one record.", "order-42"),
        ["Idempotency-Key_needed"] = Parameter("Idempotency-Key", "header", """{"type":"string","minLength":1,"maxLength":200}""", "Makes repeats of it one; it is needed.", "order-42", required: true),
        ["If-Match"] = Parameter("If-Match", "header", """{"type":"string"}""", "The `ETag` that the document must still have; `*`, or none, for whatever it is."),
        ["X-Freeway-Overflow"] = Parameter(
            "x-freeway-overflow", "header", OneOf(WireNames.Of<Overflow>()),
            "How far this request may overflow when its free use is spent."),
        ["X-Freeway-Include"] = Parameter("x-freeway-include", "header", """{"type":"string","enum":["quota","route"]}""", "Asks for what the request took, or which upstreams were tried for it, in the answer's `freeway` member."),
        ["X-Freeway-Cache"] = Parameter("x-freeway-cache", "header", """{"type":"string"}""", "Asks for the response cache, where the plan has one: `use`, `refresh` (look for nothing, store the answer) or `max-age=600` (seconds).", "use"),
        ["anthropic-version"] = Parameter("anthropic-version", "header", """{"type":"string"}""", "The version of the Messages API, for upstreams that speak it.", "2023-06-01"),
        ["anthropic-beta"] = Parameter("anthropic-beta", "header", """{"type":"string"}""", "Betas of the Messages API, for upstreams that speak it."),
        ["X-Freeway-Endpoint"] = Parameter("x-freeway-endpoint", "header", """{"type":"string","default":"chat/completions"}""", "The endpoint that the request would be sent to."),
    };

    public static JsonObject Headers => new()
    {
        ["x-request-id"] = Header("The caller's id where it sent one, else ours.", required: true),
        ["x-freeway-request-id"] = Header("Ours: the `id` of the activity record.", required: true),
        ["request-id"] = Header("The same as `x-request-id`, where Anthropic's clients look for it.", required: true),
        ["x-freeway-model"] = Header("The model that answered."),
        ["x-freeway-upstream"] = Header("The upstream that answered."),
        ["x-freeway-tier"] = Header("`free`, `gift` or `paid`."),
        ["x-freeway-output-ceiling"] = Header(
            "The most tokens of each answer, where the request declared no ceiling and one was set for it."),
        ["x-freeway-cache"] = Header(
            "Where the request asked for the response cache: `hit`, `miss`, `too_large`, `bypass` or `off`."),
        ["Age"] = Header("Of a hit: how many seconds ago the answer was stored."),
        ["X-RateLimit-Limit"] = Header("Of the tightest limit."),
        ["X-RateLimit-Remaining"] = Header("What is left of it after this request."),
        ["X-RateLimit-Reset"] = Header("When it is whole again, in epoch seconds."),
        ["RateLimit-Policy"] = Header("All request limits, as the IETF draft has them."),
        ["RateLimit"] = Header("What is left of each."),
        ["ETag"] = Header("The document's revision, for `If-Match`."),
        ["Location"] = Header("Where it can be read."),
        ["x-freeway-idempotent"] = Header(
            "`replayed` where the same command was carried out before, and nothing was done now."),
        ["Retry-After"] = Header("In whole seconds."),
        ["x-should-retry"] = Header("`false` where the same request would be refused again for more than a minute."),
    };

    private static string OneOf<T>(WireNames<T> names)
        where T : struct, Enum => $$"""{"type":"string","enum":{{ApiEnums.List(names)}}}""";

    private static JsonObject Parameter(
        string name, string place, string schema, string description, JsonNode? example = null, bool required = false)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = required || place is "path", ["description"] = description, ["schema"] = JsonNode.Parse(schema) };
        if (example is not null)
        {
            parameter["example"] = example;
        }

        return parameter;
    }

    private static JsonObject Header(string description, bool required = false) =>
        new() { ["description"] = description, ["required"] = required, ["schema"] = new JsonObject { ["type"] = "string" } };
}
