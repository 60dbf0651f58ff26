namespace Freeway.Functions.Http.OpenApi;

/// <summary>Organisations, their keys and accounts, those who administer them, and the record of it all.</summary>
internal static class AdminAccessOperations
{
    private static readonly int[] Read = [401, 403, 500, 503];
    private static readonly int[] List = [400, .. Read];
    private static readonly int[] Find = [404, .. Read];
    private static readonly int[] Create = [400, 409, 413, 431, .. Read];
    private static readonly int[] Change = [400, 404, 409, 412, 413, 431, .. Read];
    private static readonly int[] Delete = [400, 404, 409, 412, 413, 431, .. Read];

    private static readonly string[] Listed = ["limit", "cursor", "include"];
    private static readonly string[] Changed = ["If-Match", "Idempotency-Key"];

    public static IEnumerable<ApiOperation> All => [.. Orgs, .. Keys, .. ManagementKeys, .. Credits, .. Audit];

    private static IEnumerable<ApiOperation> Orgs =>
    [
        new("GET", "api/v1/admin/orgs", "listOrgs", ApiTag.Admin, "Organisations, by their ids")
        {
            Parameters = Listed,
            Answers = [ApiContent.Of(PlainJson.Api.PageAdminOrgResponse, AccountSamples.List(AdminAccessSamples.Org))],
            Errors = List,
        },
        new("POST", "api/v1/admin/orgs", "createOrg", ApiTag.Admin, "Creates an organisation")
        {
            Parameters = ["Idempotency-Key"],
            Body = AdminAccessSamples.NewOrg,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminOrgResponse, AdminAccessSamples.Org)],
            Errors = Create,
        },
        new("GET", "api/v1/admin/orgs/{org}", "getOrg", ApiTag.Admin, "One organisation")
        {
            Parameters = ["org"],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminOrgResponse, AdminAccessSamples.Org)],
            Errors = Find,
        },
        new("PATCH", "api/v1/admin/orgs/{org}", "changeOrg", ApiTag.Admin, "Changes an organisation: what is left out stays")
        {
            Description = "It holds on every instance within 30 seconds. `deleted: false` brings one back that was taken away.",
            Parameters = ["org", .. Changed],
            Body = AdminAccessSamples.OrgChange,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminOrgResponse, AdminAccessSamples.Org)],
            Errors = Change,
        },
        new("DELETE", "api/v1/admin/orgs/{org}", "deleteOrg", ApiTag.Admin, "Takes an organisation away, and its keys with it")
        {
            Description = "Its account and its activity stay, and its id is not given again.",
            Parameters = ["org", .. Changed],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminOrgResponse, AdminAccessSamples.DeletedOrg)],
            Errors = Delete,
        },
    ];

    private static IEnumerable<ApiOperation> Keys =>
    [
        new("GET", "api/v1/admin/orgs/{org}/keys", "listKeys", ApiTag.Admin, "The API keys of an organisation, by their ids")
        {
            Parameters = ["org", .. Listed],
            Answers = [ApiContent.Of(PlainJson.Api.PageAdminKeyResponse, AccountSamples.List(AdminAccessSamples.Key))],
            Errors = [404, .. List],
        },
        new("POST", "api/v1/admin/orgs/{org}/keys", "createKey", ApiTag.Admin, "Creates an API key; its secret is in this answer and nowhere else")
        {
            Description = "A repeat under the same Idempotency-Key answers with the key, without the secret.",
            Parameters = ["org", "Idempotency-Key"],
            Body = AdminAccessSamples.NewKey,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, AdminAccessSamples.KeyWithSecret)],
            Errors = [404, .. Create],
        },
        new("GET", "api/v1/admin/orgs/{org}/keys/{key}", "getOrgKey", ApiTag.Admin, "One API key")
        {
            Parameters = ["org", "keyInPath"],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, AdminAccessSamples.Key)],
            Errors = Find,
        },
        new("PATCH", "api/v1/admin/orgs/{org}/keys/{key}", "changeKey", ApiTag.Admin, "Changes an API key: what is left out stays")
        {
            Description = "It holds on every instance within 30 seconds. `limits` and `allowed_models` are replaced whole; null takes them away.",
            Parameters = ["org", "keyInPath", .. Changed],
            Body = AdminAccessSamples.KeyChange,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, AdminAccessSamples.Key)],
            Errors = Change,
        },
        new("DELETE", "api/v1/admin/orgs/{org}/keys/{key}", "deleteKey", ApiTag.Admin, "Takes an API key away")
        {
            Description = "What it used stays in the activity, and its id is not given again. `PATCH` with `deleted: false` brings it back.",
            Parameters = ["org", "keyInPath", .. Changed],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, AdminAccessSamples.DeletedKey)],
            Errors = Delete,
        },
        new("POST", "api/v1/admin/orgs/{org}/keys/{key}/rotate", "rotateKey", ApiTag.Admin, "Gives an API key a new secret; the old one works on for a while")
        {
            Description = "The new secret is in this answer and nowhere else; a repeat under the same Idempotency-Key answers without it.",
            Parameters = ["org", "keyInPath", .. Changed],
            Body = AdminAccessSamples.Rotation,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, AdminAccessSamples.KeyWithSecret)],
            Errors = Change,
        },
    ];

    private static IEnumerable<ApiOperation> ManagementKeys =>
    [
        new("GET", "api/v1/admin/management-keys", "listManagementKeys", ApiTag.Admin, "Management keys beside the one in the settings")
        {
            Parameters = Listed,
            Answers = [ApiContent.Of(PlainJson.Api.PageManagementKeyResponse, AccountSamples.List(AdminAccessSamples.ManagementKey))],
            Errors = List,
        },
        new("POST", "api/v1/admin/management-keys", "createManagementKey", ApiTag.Admin, "Creates a management key; its secret is in this answer and nowhere else")
        {
            Description = "A repeat under the same Idempotency-Key answers with the key, without the secret.",
            Parameters = ["Idempotency-Key"],
            Body = AdminAccessSamples.NewManagementKey,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.ManagementKeyResponse, AdminAccessSamples.ManagementKeyWithSecret)],
            Errors = Create,
        },
        new("GET", "api/v1/admin/management-keys/{key}", "getManagementKey", ApiTag.Admin, "One management key")
        {
            Parameters = ["keyInPath"],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.ManagementKeyResponse, AdminAccessSamples.ManagementKey)],
            Errors = Find,
        },
        new("PATCH", "api/v1/admin/management-keys/{key}", "changeManagementKey", ApiTag.Admin, "Changes a management key: what is left out stays")
        {
            Parameters = ["keyInPath", .. Changed],
            Body = AdminAccessSamples.ManagementKeyChange,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.ManagementKeyResponse, AdminAccessSamples.ManagementKey)],
            Errors = Change,
        },
        new("DELETE", "api/v1/admin/management-keys/{key}", "deleteManagementKey", ApiTag.Admin, "Takes a management key away")
        {
            Parameters = ["keyInPath", .. Changed],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.ManagementKeyResponse, AdminAccessSamples.DeletedManagementKey)],
            Errors = Delete,
        },
    ];

    private static IEnumerable<ApiOperation> Credits =>
    [
        new("GET", "api/v1/admin/credits", "getAccount", ApiTag.Admin, "An organisation's account, and what it was filled with")
        {
            Parameters = ["orgInQuery"],
            Answers = [ApiContent.Of(PlainJson.Api.AccountResponse, AdminAccessSamples.Account)],
            Errors = [400, .. Find],
        },
        new("POST", "api/v1/admin/credits", "addCredits", ApiTag.Admin, "Adds to an organisation's account, once for each Idempotency-Key")
        {
            Parameters = ["Idempotency-Key"],
            Body = AdminAccessSamples.TopUp,
            Answers = [ApiContent.Of(PlainJson.Api.CreditsResponse, AccountSamples.Credits)],
            Errors = [404, .. Create],
        },
    ];

    private static IEnumerable<ApiOperation> Audit =>
    [
        new("GET", "api/v1/admin/audit", "listAudit", ApiTag.Admin, "Who changed what, newest first")
        {
            Parameters = ["kind", "subject", "orgFilter", "byOperator", "from", "to", "limit", "cursor"],
            Answers = [ApiContent.Of(PlainJson.Api.PageAuditResponse, AccountSamples.List(AdminAccessSamples.AuditRecord))],
            Errors = List,
        },
    ];
}
