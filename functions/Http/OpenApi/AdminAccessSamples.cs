using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Functions.Http.OpenApi;

/// <summary>Bodies of those who give access, as examples and as schemas.</summary>
internal static class AdminAccessSamples
{
    public const string Org =
        """{"object":"org","id":"acme","name":"Acme","plan":"pay-as-you-go","premium":false,"phone_verified":true,"user_tier":null,"purchased_usd":"5.00","overflow":null,"monthly_ceiling_usd":"25.00","disabled":false,"created_at":"2026-05-29T12:00:00Z"}""";

    public const string DeletedOrg =
        """{"object":"org","id":"acme","name":"Acme","plan":"pay-as-you-go","premium":false,"phone_verified":true,"user_tier":null,"purchased_usd":"5.00","overflow":null,"monthly_ceiling_usd":"25.00","disabled":false,"created_at":"2026-05-29T12:00:00Z","deleted_at":"2026-06-29T12:00:00Z"}""";

    public const string Key = $$"""{{{KeyMembers}}}""";

    public const string DeletedKey = $$"""{{{KeyMembers}},"deleted_at":"2026-06-29T12:00:00Z"}""";

    public const string KeyWithSecret = $$"""{{{KeyMembers}},"secret":"fwk_00000000000000000000000000000000000000000000000000"}""";

    public const string ManagementKey = $$"""{{{ManagementKeyMembers}}}""";

    public const string DeletedManagementKey = $$"""{{{ManagementKeyMembers}},"deleted_at":"2026-06-29T12:00:00Z"}""";

    public const string ManagementKeyWithSecret = $$"""{{{ManagementKeyMembers}},"secret":"fwm_00000000000000000000000000000000000000000000000000"}""";

    public const string Account =
        """{"object":"account","org":"acme","bought_usd":"5.00","spent_usd":"0.25","held_usd":"0.00","left_usd":"4.75","purchases":[{"id":"invoice-17","usd":"5.00","time":"2026-05-29T12:00:00Z"}]}""";

    public const string AuditRecord =
        """{"object":"audit_record","id":"019e7480d2a07c7f9b1e5a3c4d5e6f70","time":"2026-05-29T12:00:00Z","by":"settings","action":"org.change","subject":{"kind":"org","id":"acme","org":"acme"},"before":{"id":"acme","name":"Acme","disabled":false},"after":{"id":"acme","name":"Acme","disabled":true}}""";

    private const string KeyMembers =
        "\"object\":\"key\",\"id\":\"robot\",\"org\":\"acme\",\"label\":\"The robot's key\",\"allowed_models\":[\"demo/*\"],\"limits\":[{\"name\":\"requests-per-day\",\"unit\":\"requests\",\"amount\":100,\"window\":\"day\",\"scope\":\"key\"}],"
        + "\"overflow\":null,\"refusal_status\":429,\"monthly_ceiling_usd\":\"5.00\",\"disabled\":false,\"expires_at\":null,\"old_secrets_end\":[],\"created_at\":\"2026-05-29T12:00:00Z\",\"created_by\":\"settings\"";

    private const string ManagementKeyMembers =
        "\"object\":\"management_key\",\"id\":\"billing-desk\",\"label\":\"Billing desk\",\"scopes\":[\"read\",\"billing\"],\"disabled\":false,\"expires_at\":null,\"created_at\":\"2026-05-29T12:00:00Z\",\"created_by\":\"settings\"";

    private const string Id = """{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}""";

    private static readonly string RefusalStatuses =
        string.Join(',', Enum.GetValues<HardRefusal>().Select(refusal => refusal.Status()));

    private static readonly string AdminScopes = ApiEnums.List(WireNames.Of<AdminScope>());

    private static readonly string OrgFields =
        $$"""
        "name":{"type":"string","minLength":1,"maxLength":200},
        "plan":{"type":["string","null"],"description":"Of its requests on bare ids; null for the catalogue's default."},
        "premium":{"type":"boolean"},
        "phone_verified":{"type":"boolean"},
        "user_tier":{"type":["string","null"],"maxLength":64},
        "overflow":{"type":["string","null"],"enum":{{ApiEnums.ListOrNull(WireNames.Of<Overflow>())}}},
        "monthly_ceiling_usd":{"type":["string","number","null"]},
        "disabled":{"type":"boolean"},
        "deleted":{"type":"boolean"}
        """;

    private static readonly string KeyFields =
        $$"""
        "label":{"type":"string","minLength":1,"maxLength":200},
        "allowed_models":{"type":["array","null"],"maxItems":100,"items":{"type":"string"},"description":"Ids, with * for any characters and ! before those that are not meant; null for all."},
        "limits":{"type":["array","null"],"maxItems":20,"items":{"type":"object","required":["unit","amount"],"additionalProperties":false,"properties":{
          "name":{"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$"},
          "unit":{"type":"string","enum":{{ApiEnums.List(WireNames.Of<LimitUnit>())}}},
          "amount":{"type":"number","exclusiveMinimum":0},
          "window":{"type":["string","null"],"enum":{{ApiEnums.ListOrNull(LimitNames.Windows)}}},
          "scope":{"type":"string","enum":{{ApiEnums.List(LimitNames.KeyScopes)}},"default":"key"},
          "models":{"type":["array","null"],"items":{"type":"string"} } } } },
        "overflow":{"type":["string","null"],"enum":{{ApiEnums.ListOrNull(WireNames.Of<Overflow>())}}},
        "refusal_status":{"type":"integer","enum":[{{RefusalStatuses}}]},
        "monthly_ceiling_usd":{"type":["string","number","null"]},
        "expires_at":{"type":["string","null"],"format":"date-time"},
        "disabled":{"type":"boolean"},
        "deleted":{"type":"boolean"}
        """;

    private static readonly string ManagementKeyFields =
        $$"""
        "label":{"type":"string","minLength":1,"maxLength":200},
        "scopes":{"type":"array","minItems":1,"items":{"type":"string","enum":{{AdminScopes}}} },
        "expires_at":{"type":["string","null"],"format":"date-time"},
        "disabled":{"type":"boolean"},
        "deleted":{"type":"boolean"}
        """;

    public static ApiContent NewOrg { get; } = Body("""{"id":"acme","name":"Acme","plan":"pay-as-you-go"}""", "\"id\":" + Id + "," + OrgFields, "\"id\"");

    public static ApiContent OrgChange { get; } = Body("""{"monthly_ceiling_usd":"25.00","disabled":false}""", OrgFields);

    public static ApiContent NewKey { get; } =
        Body("""{"id":"robot","label":"The robot's key","allowed_models":["demo/*"],"limits":[{"unit":"requests","amount":100,"window":"day"}]}""", "\"id\":" + Id + "," + KeyFields);

    public static ApiContent KeyChange { get; } = Body("""{"disabled":false,"monthly_ceiling_usd":"5.00"}""", KeyFields);

    public static ApiContent Rotation { get; } =
        Body("""{"overlap_seconds":86400}""", """ "overlap_seconds":{"type":"integer","minimum":0,"maximum":2592000,"default":86400,"description":"How long the old secrets still work."} """);

    public static ApiContent NewManagementKey { get; } =
        Body("""{"id":"billing-desk","label":"Billing desk","scopes":["read","billing"]}""", "\"id\":" + Id + "," + ManagementKeyFields, "\"scopes\"");

    public static ApiContent ManagementKeyChange { get; } = Body("""{"label":"The billing desk","disabled":false}""", ManagementKeyFields);

    public static ApiContent TopUp { get; } = new(ApiContent.Json, """{"org":"demo","usd":"5.00"}""")
    {
        Schema = """{"type":"object","required":["org","usd"],"properties":{"org":{"type":"string"},"usd":{"type":["string","number"],"description":"Above 0, nine decimals at most."}}}""",
    };

    private static ApiContent Body(string example, string fields, string required = "") => new(ApiContent.Json, example)
    {
        Schema = $$"""{"type":"object","additionalProperties":false,"required":[{{required}}],"properties":{ {{fields}} } }""",
    };
}
