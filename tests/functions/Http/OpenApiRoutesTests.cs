using Freeway.Functions.Http;
using Freeway.Functions.Http.OpenApi;

namespace Freeway.Functions.Tests.Http;

public sealed class OpenApiRoutesTests
{
    [Fact]
    public void Methods_OfEveryFunction_AreThoseOfItsOperations() =>
        HttpTriggers.Endpoints
            .SelectMany(trigger => trigger.Methods!.Select(method => $"{trigger.Function} {method}"))
            .Order(StringComparer.Ordinal)
            .ShouldBe(ApiEndpoints.Operations
                .SelectMany(operation => Verbs(operation)
                    .Select(method => $"{HttpTriggers.Serving(method, operation.Template).Function} {method}"))
                .Distinct()
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Operations_HaveNamesOfTheirOwn() =>
        ApiEndpoints.Operations.Select(operation => operation.Id).ShouldBeUnique();

    private static string[] Verbs(ApiOperation operation) =>
        operation.Method is "GET" ? ["GET", "HEAD"] : [operation.Method];
}
