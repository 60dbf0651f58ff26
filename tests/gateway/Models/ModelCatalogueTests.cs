using Freeway.Gateway.Core;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Models;

public sealed class ModelCatalogueTests
{
    private static readonly ModelCatalogue Catalogue = new(
    [
        Named("demo/echo") with { FreePlan = "fastrouter-free", FreeEnabled = true, FlexPercent = 50 },
        Named("demo/paid") with { FreePlan = "fastrouter-free" },
        Named("Demo/Off") with { Enabled = false },
    ]);

    [Theory]
    [InlineData("demo/echo", Variant.None)]
    [InlineData("demo/echo", Variant.Free)]
    [InlineData("demo/echo", Variant.Flex)]
    [InlineData("demo/paid", Variant.None)]
    public void Find_TheVariantIsEnabled_IsTheModel(string id, Variant variant)
    {
        Catalogue.Find(new Slug(id, variant)).Accepted(out var model, out _).ShouldBeTrue();
        model!.Id.ShouldBe(id);
    }

    [Theory]
    [InlineData("demo/paid", Variant.Free, RefusalCode.FreeSlugNotEnabled)]
    [InlineData("demo/paid", Variant.Flex, RefusalCode.FlexSlugNotEnabled)]
    [InlineData("demo/none", Variant.None, RefusalCode.ModelNotFound)]
    [InlineData("demo/none", Variant.Free, RefusalCode.ModelNotFound)]
    [InlineData("Demo/Off", Variant.None, RefusalCode.ModelNotFound)]
    public void Find_NotThereOrNotEnabled_IsRefused(string id, Variant variant, RefusalCode code) => Refused(id, variant).Code.ShouldBe(code);

    [Fact]
    public void Find_OtherCase_NamesTheRightOne() => Refused("DEMO/Echo", Variant.None).Message.ShouldContain("'demo/echo'");

    [Fact]
    public void Find_OtherCaseOfAModelThatIsOff_NamesNone() => Refused("demo/off", Variant.None).Message.ShouldNotContain("Demo/Off", Case.Sensitive);

    [Fact]
    public void All_SomeAreOff_HoldsTheOthersInOrder() => Catalogue.All.Select(model => model.Id).ShouldBe(["demo/echo", "demo/paid"]);

    private static Model Named(string id) => new(id, id, 1000, Price.Zero, null, false, [new ModelRoute("loopback", "echo")]);

    private static Refusal Refused(string id, Variant variant)
    {
        Catalogue.Find(new Slug(id, variant)).Accepted(out _, out var refusal).ShouldBeFalse();
        return refusal!;
    }
}
