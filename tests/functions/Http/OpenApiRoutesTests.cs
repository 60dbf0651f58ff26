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
                .Order());

    [Fact]
    public void Operations_HaveNamesOfTheirOwn() => ApiDocument.Operations.Select(operation => operation.Id).ShouldBeUnique();
}
