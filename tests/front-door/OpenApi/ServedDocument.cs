using System.Text.Json;
using Freeway.Functions.Http;

namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>The document as callers read it.</summary>
internal static class ServedDocument
{
    /// <summary>Those with a path of their own before those that take what is left.</summary>
    public static IReadOnlyList<DocumentedOperation> Operations { get; } = Read();

    private static List<DocumentedOperation> Read()
    {
        var document = JsonDocument.Parse(ApiEndpoints.CreateDocument().Bytes);
        return [.. document.RootElement.GetProperty("paths").EnumerateObject()
            .OrderBy(path => path.Name.Contains('{', StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => new DocumentedOperation(operation.Name.ToUpperInvariant(), path.Name, operation.Value)))];
    }
}
