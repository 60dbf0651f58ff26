using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Core;

namespace Freeway.Functions.Http.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document: what the operations say, with schemas and error examples read from the code that writes
/// them.
/// </summary>
public sealed class ApiDocument
{
    private static readonly string[] Always = ["x-request-id", "x-freeway-request-id"];
    private static readonly string[] Served = ["x-freeway-model", "x-freeway-upstream", "x-freeway-tier", "x-freeway-output-ceiling", "x-freeway-cache", "Age", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit-Policy", "RateLimit"];
    private static readonly string[] Refused = ["Retry-After", "x-should-retry"];

    private readonly Lazy<(byte[] Bytes, string ETag)> _written;
    private readonly ApiSchemas _schemas = new();
    private readonly IReadOnlyList<ApiOperation> _operations;

    /// <param name="operations">All operations, in the order in which the document lists their paths.</param>
    internal ApiDocument(IReadOnlyList<ApiOperation> operations)
    {
        _operations = operations;
        _written = new(() =>
        {
            var bytes = Encoding.UTF8.GetBytes(Build().ToJsonString(PlainJson.Api.Options));
            return (bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
        });
    }

    /// <summary>Written on first use.</summary>
    public ReadOnlyMemory<byte> Bytes => _written.Value.Bytes;

    public string ETag => _written.Value.ETag;

    private JsonObject Build()
    {
        var paths = Paths();
        var text = paths.ToJsonString();
        return Whole(paths, UsedIn(text, "parameters", ApiParts.Parameters), UsedIn(text, "headers", ApiParts.Headers));
    }

    /// <summary>Parts that no operation refers to are left out.</summary>
    private static JsonObject UsedIn(string text, string place, JsonObject parts) => new(parts
        .Where(part => text.Contains($"\"#/components/{place}/{part.Key}\"", StringComparison.Ordinal))
        .Select(part => KeyValuePair.Create(part.Key, part.Value?.DeepClone())));

    private JsonObject Whole(JsonObject paths, JsonObject parameters, JsonObject headers) => new()
    {
        ["openapi"] = "3.1.0",
        ["info"] = new JsonObject
        {
            ["title"] = "Freeway",
            ["version"] = ProductVersion.Current,
            ["summary"] = "A router for LLM requests that gives away exact, bounded free use of models.",
            ["description"] = "Point an OpenAI client at `/api/v1` and append `:free` to a model id. `HEAD` works "
                + "wherever `GET` does; another method is answered `405 method_not_allowed` with `Allow`, a path that "
                + "leads nowhere `404 not_found`. "
                + "With `Accept: application/problem+json` errors come as RFC 9457.",
            ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
        },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
        ["tags"] = new JsonArray(
            Tag(ApiTag.Inference, "Requests that a model answers; each takes quota."),
            Tag(ApiTag.Account, "What a key may know; nothing here takes quota."),
            Tag(ApiTag.Admin, "For the operator's key."),
            Tag(ApiTag.Service, "For everybody.")),
        ["paths"] = paths,
        ["components"] = new JsonObject
        {
            ["securitySchemes"] = new JsonObject
            {
                ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                ["header"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-api-key" },
            },
            ["parameters"] = parameters,
            ["headers"] = headers,
            ["schemas"] = Schemas(),
        },
    };

    private static JsonObject Tag(ApiTag tag, string description) => new() { ["name"] = tag.ToString(), ["description"] = description };

    private JsonObject Paths()
    {
        var paths = new JsonObject();
        foreach (var path in _operations.GroupBy(operation => operation.Path))
        {
            paths[path.Key] = new JsonObject(path.Select(
                operation => KeyValuePair.Create(operation.Method.ToLowerInvariant(), (JsonNode?)Describe(operation))));
        }

        return paths;
    }

    private JsonObject Schemas()
    {
        _schemas.Of(PlainJson.Api.ErrorBody);
        var schemas = _schemas.Write();
        schemas["UpstreamAnswer"] = new JsonObject { ["type"] = "object", ["description"] = "An upstream's own error, as it came." };
        return schemas;
    }

    private JsonObject Describe(ApiOperation operation)
    {
        var described = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Tag.ToString()),
            ["summary"] = operation.Summary,
        };
        if (operation.Description is { } description)
        {
            described["description"] = description;
        }

        described["security"] = operation.Tag is ApiTag.Service ? new JsonArray() : new JsonArray(
            Needs("bearer"), Needs("header"));
        if (operation.Parameters.Count > 0)
        {
            described["parameters"] = new JsonArray([.. operation.Parameters.Select(
                name => (JsonNode)new JsonObject { ["$ref"] = "#/components/parameters/" + name })]);
        }

        if (operation.Body is { } body)
        {
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content([body]) };
        }

        described["responses"] = Responses(operation);
        return described;
    }

    private static JsonObject Needs(string scheme) => new() { [scheme] = new JsonArray() };

    private JsonObject Responses(ApiOperation operation)
    {
        var responses = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            [Text(operation.Success)] = Response(
                operation.Summary + ".", SuccessHeaders(operation), Content(operation.Answers)),
        };
        foreach (var (status, content) in operation.Others)
        {
            responses[Text(status)] = Response("Not now.", Always, Content([content]));
        }

        if (operation.IsCached)
        {
            responses["304"] = Response("What you have is still right.", Always, []);
        }

        foreach (var status in operation.Errors)
        {
            responses[Text(status)] = Response(
                ApiErrors.Meaning(status), ErrorHeaders(operation, status), ErrorContent(operation, status));
        }

        if (operation.IsInference)
        {
            responses["4XX"] = Response("The upstream's own refusal of what the request says, with its status and body.", [.. AlwaysOf(operation), .. Served], new JsonObject
            {
                [ApiContent.Json] = new JsonObject { ["schema"] = ApiSchemas.Reference("UpstreamAnswer") },
                [ApiContent.Anything.MediaType] = new JsonObject { ["schema"] = JsonNode.Parse(
                    ApiContent.Anything.Schema!) },
            });
        }

        return new JsonObject(responses);
    }

    private static string[] AlwaysOf(ApiOperation operation) =>
        operation.IsMessages ? [.. Always, MessagesPath.RequestIdHeader] : Always;

    private static string[] ErrorHeaders(ApiOperation operation, int status) =>
    [
        .. AlwaysOf(operation),
        .. status is 402 or 403 or 429 or 503 ? Refused : [],
        .. operation.IsInference && status is not 401 ? ["x-freeway-model", "x-freeway-tier"] : Array.Empty<string>(),
    ];

    private static string[] SuccessHeaders(ApiOperation operation) =>
    [
        .. AlwaysOf(operation),
        .. operation.IsInference ? Served : [],
        .. operation.Success is 201 ? ["Location"] : Array.Empty<string>(),
        .. operation.HasRevision ? ["ETag"] : Array.Empty<string>(),
        .. operation.Parameters.Any(name => name.StartsWith("Idempotency-Key", StringComparison.Ordinal)) ? ["x-freeway-idempotent"] : Array.Empty<string>(),
    ];

    private JsonObject ErrorContent(ApiOperation operation, int status)
    {
        var error = operation.IsMessages
            ? _schemas.Of(PlainJson.Api.MessagesErrorBody)
            : _schemas.Of(PlainJson.Api.ErrorBody);
        // A plan may have its quota errors in the dialect of another system, and an upstream's own 400 has whatever
        // shape it has.
        JsonObject schema = !operation.IsInference ? error : status switch
        {
            403 when !operation.IsMessages => new JsonObject { ["anyOf"] = new JsonArray(error, _schemas.Of(PlainJson.Api.FlatBody)) },
            400 or 404 or 409 or 413 => new JsonObject { ["anyOf"] = new JsonArray(
                error, ApiSchemas.Reference("UpstreamAnswer")) },
            _ => error,
        };
        var content = new JsonObject
        {
            [ApiContent.Json] = new JsonObject { ["schema"] = schema, ["examples"] = ApiErrors.ExamplesOf(status, operation.IsMessages) },
            [ApiContent.Problem] = new JsonObject { ["schema"] = _schemas.Of(PlainJson.Api.ProblemBody) },
        };
        if (operation.IsInference && status is (400 or 404 or 409 or 413))
        {
            content[ApiContent.Anything.MediaType] = new JsonObject { ["schema"] = JsonNode.Parse(
                ApiContent.Anything.Schema!) };
        }

        return content;
    }

    private static JsonObject Response(string description, IEnumerable<string> headers, JsonObject content) => new()
    {
        ["description"] = description,
        ["headers"] = new JsonObject(headers.Select(name => KeyValuePair.Create(
            name, (JsonNode?)new JsonObject { ["$ref"] = "#/components/headers/" + name }))),
        ["content"] = content,
    };

    private JsonObject Content(IEnumerable<ApiContent> contents) => new(contents.Select(content =>
    {
        var described = new JsonObject { ["schema"] = SchemaOf(content) };
        if (content.ExampleNode is { } example)
        {
            described["example"] = example;
        }

        return KeyValuePair.Create(content.MediaType, (JsonNode?)described);
    }));

    private JsonNode? SchemaOf(ApiContent content) =>
        content.AnyOf.Count > 0
            ? new JsonObject { ["anyOf"] = new JsonArray([.. content.AnyOf.Select(type => _schemas.Of(type))]) }
            : content.Type is { } single ? _schemas.Of(single) : JsonNode.Parse(content.Schema!);

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
