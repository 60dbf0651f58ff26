using Freeway.Functions.Http;
using Freeway.Functions.Http.Endpoints;

namespace Freeway.Functions.Tests.Http;

public sealed class RouteTableTests
{
    private static RouteTable Table => new(() => ApiEndpoints.Operations);

    [Fact]
    public void Options_AreLeftToTheFallback() => HttpTriggers.Endpoints
        .Where(trigger => trigger.Methods!.Contains("OPTIONS")).Select(trigger => trigger.Function).ShouldBeEmpty();

    [Theory]
    [InlineData("/api/v1/quota/check", new[] { "GET", "HEAD", "POST" })]
    [InlineData("/api/v1/quota/demo/echo", new[] { "GET", "HEAD" })]
    [InlineData("/api/v1/quota", new[] { "GET", "HEAD" })]
    [InlineData("/api/v1/admin/orgs", new[] { "GET", "HEAD", "POST" })]
    [InlineData("/api/v1/admin/orgs/demo", new[] { "DELETE", "GET", "HEAD", "PATCH" })]
    public void Methods_OfAPath_AreThoseOfItsOperationsAndNotOfItsFunction(string path, string[] methods) =>
        Table.MethodsAt(path).ShouldBe(methods);

    [Fact]
    public void Path_ThatIsRightAlready_HasNoNearest() => Table.Nearest("/api/v1/models").ShouldBeNull();
}
