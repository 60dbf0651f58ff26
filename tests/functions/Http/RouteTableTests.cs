using Freeway.Functions.Http.Manners;

namespace Freeway.Functions.Tests.Http;

public sealed class RouteTableTests
{
    [Fact]
    public void Get_OfEveryDoor_ComesWithHead() =>
        RouteTable.Routes.Where(route => route.Methods.Contains("GET") && !route.Methods.Contains("HEAD")).Select(route => route.Template).ShouldBeEmpty();

    [Fact]
    public void Options_AreLeftToTheLastDoor() =>
        RouteTable.Routes.Where(route => route.Methods.Contains("OPTIONS")).Select(route => route.Template).ShouldBeEmpty();

    [Fact]
    public void Methods_OfAPathWithSeveralDoors_AreThoseOfAll() =>
        new RouteTable().MethodsAt("/api/v1/quota/check").ShouldBe(["GET", "HEAD", "POST"]);

    [Fact]
    public void Path_ThatIsRightAlready_HasNoNearest() => new RouteTable().Nearest("/api/v1/models").ShouldBeNull();
}
