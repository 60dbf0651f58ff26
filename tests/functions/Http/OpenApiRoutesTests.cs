using Freeway.Functions.Http.Manners;
using Freeway.Functions.Http.OpenApi;

namespace Freeway.Functions.Tests.Http;

public sealed class OpenApiRoutesTests
{
    [Fact]
    public void Doors_AreThoseOfTheDocument() =>
        ApiDocument.Operations.Select(operation => $"{operation.Method} {operation.Template}").Order().ShouldBe(
            RouteTable.Routes
                .SelectMany(route => route.Methods.Where(method => method is not "HEAD").Select(method => $"{method} {route.Template}"))
                .Concat(Lists())
                .Order());

    /// <summary>A route that takes any number of segments serves its list, too, where it has none.</summary>
    private static IEnumerable<string> Lists() => RouteTable.Routes
        .Where(route => route.Template.Contains("{*", StringComparison.Ordinal))
        .Select(route => $"GET {route.Template[..route.Template.IndexOf("/{*", StringComparison.Ordinal)]}");

    [Fact]
    public void Operations_HaveNamesOfTheirOwn() => ApiDocument.Operations.Select(operation => operation.Id).ShouldBeUnique();
}
