using System.Text.RegularExpressions;
using Freeway.Functions.Http.Manners;
using Freeway.Functions.Http.OpenApi;
using Microsoft.AspNetCore.Routing.Template;

namespace Freeway.Functions.Tests.Http;

/// <summary>
/// The host takes the first function whose route matches path and method: in the order of the functions' names without regard
/// to case, or, in newer versions of its HTTP extension, with the more specific pattern first. Each request must reach the
/// same function under both.
/// </summary>
public sealed partial class RouteOrderTests
{
    private static readonly IReadOnlyList<HttpFunction> ByName =
        [.. RouteTable.Functions.Select(function => new HttpFunction(function.Name, function.Template, function.Methods))
            .OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];

    private static readonly IReadOnlyList<HttpFunction> ByPattern =
        [.. ByName.OrderBy(function => RoutePrecedence.ComputeInbound(TemplateParser.Parse(function.Template)))];

    public static TheoryData<string, string> Operations()
    {
        var data = new TheoryData<string, string>();
        foreach (var operation in ApiDocument.Operations)
        {
            data.Add(operation.Method, operation.Template);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Request_UnderEitherOrder_ReachesTheFunctionOfItsRoute(string method, string template)
    {
        var path = "/" + Parameter().Replace(template, match => match.Value.StartsWith("{*", StringComparison.Ordinal) ? "sarvam/saaras:v3" : "some");

        var (byName, byPattern) = (Find(ByName, method, path), Find(ByPattern, method, path));

        byName.Name.ShouldBe(byPattern.Name);
        byName.Methods.ShouldContain(method);
        (byName.Template == template || byName.Template.StartsWith(template + "/{*", StringComparison.Ordinal)).ShouldBeTrue(byName.Template);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("OPTIONS", "/api/v1/models")]
    [InlineData("DELETE", "/api/v1/chat/completions")]
    [InlineData("GET", "/api/v1/nothing/here")]
    public void Request_ThatNoRouteTakes_ReachesTheFallback(string method, string path)
    {
        Find(ByName, method, path).Name.ShouldBe("ZFallback");
        Find(ByPattern, method, path).Name.ShouldBe("ZFallback");
    }

    /// <summary>An order by pattern alone cannot tell two functions of one pattern apart.</summary>
    [Fact]
    public void Patterns_OfAllFunctions_AreDifferent() =>
        ByName.Select(function => Parameter().Replace(function.Template, "{}")).ShouldBeUnique();

    /// <summary>The same search on names that were in use before: if nothing were wrong there, it could find nothing.</summary>
    [Fact]
    public void Request_WithTheFallbackNamedElsewhere_GoesWrong()
    {
        var before = ByName.Select(function => function.Name is "ZFallback" ? function with { Name = "Elsewhere" } : function)
            .OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase).ToList();

        Find(before, "GET", "/health/ready").Name.ShouldBe("Elsewhere");
    }

    private static HttpFunction Find(IEnumerable<HttpFunction> functions, string method, string path) => functions.First(function =>
        (function.Methods.Length is 0 || function.Methods.Contains(method))
        && new TemplateMatcher(TemplateParser.Parse(function.Template), []).TryMatch(path, []));

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private sealed record HttpFunction(string Name, string Template, string[] Methods);
}
