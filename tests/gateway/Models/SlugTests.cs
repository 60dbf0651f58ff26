using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Models;

public sealed class SlugTests
{
    /// <summary>Ids with colons anywhere, none of which ends in a variant.</summary>
    private static readonly Arbitrary<string> Ids = Gen.Elements("a", "Z", "7", "/", ":", ".", "-", "_", "free", "FLEX", "v3", "é", " ")
        .NonEmptyListOf()
        .Select(string.Concat)
        .Where(id => id.Length < 200 && !EndsInAVariant(id))
        .ToArbitrary();

    private static readonly Arbitrary<(string Text, Variant Variant)> Suffixes =
        Gen.Elements((":free", Variant.Free), (":FREE", Variant.Free), (":Free", Variant.Free), (":flex", Variant.Flex), (":fLeX", Variant.Flex)).ToArbitrary();

    [Fact]
    public void Parse_AnyIdWithoutAVariant_IsTheWholeText() =>
        Prop.ForAll(Ids, id => Accepted(id) == new Slug(id, Variant.None)).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyIdWithAVariant_IsSplitAtTheLastColonAndKeepsItsCase() =>
        Prop.ForAll(Ids, Suffixes, (id, suffix) => Accepted(id + suffix.Text) == new Slug(id, suffix.Variant)).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyIdWithTwoVariants_IsRefused() =>
        Prop.ForAll(Ids, Suffixes, Suffixes, (id, first, second) =>
            Refused(id + first.Text + second.Text) is { Code: RefusalCode.ConflictingVariants, Param: "model" }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToString_AnySlug_ReadsBackAsTheSame() =>
        Prop.ForAll(Ids, Gen.Elements(Enum.GetValues<Variant>()).ToArbitrary(), (id, variant) =>
            Accepted(new Slug(id, variant).ToString()) == new Slug(id, variant)).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyText_IsAnswered() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text => Slug.Parse(text.Get).Accepted(out _, out var refusal) || refusal is not null)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("sarvam/saaras:v3", "sarvam/saaras:v3", Variant.None)]
    [InlineData("sarvam/saaras:v3:free", "sarvam/saaras:v3", Variant.Free)]
    [InlineData("demo/echo:flex", "demo/echo", Variant.Flex)]
    [InlineData("free", "free", Variant.None)]
    [InlineData("demo/echo:freeze", "demo/echo:freeze", Variant.None)]
    [InlineData("demo/echo:", "demo/echo:", Variant.None)]
    [InlineData("demo/echo:free:v2", "demo/echo:free:v2", Variant.None)]
    public void Parse_KnownText_IsSplitAsTheContractSays(string text, string id, Variant variant) => Accepted(text).ShouldBe(new Slug(id, variant));

    [Theory]
    [InlineData("a:free:flex")]
    [InlineData("a:flex:free")]
    [InlineData("a:free:free")]
    public void Parse_TwoVariants_AreRefused(string text) => Refused(text)!.Code.ShouldBe(RefusalCode.ConflictingVariants);

    [Fact]
    public void Parse_NoText_IsRefused() => Refused("")!.ShouldSatisfyAllConditions(
        refusal => refusal.Code.ShouldBe(RefusalCode.InvalidRequest), refusal => refusal.Param.ShouldBe("model"));

    [Fact]
    public void Parse_OnlyAVariant_IsNoModel() => Refused(":free")!.Code.ShouldBe(RefusalCode.ModelNotFound);

    [Fact]
    public void Parse_LongerThanAnyModel_IsRefused()
    {
        Refused(new string('x', Slug.MaxLength + 1))!.Code.ShouldBe(RefusalCode.InvalidRequest);
        Accepted(new string('x', Slug.MaxLength)).Variant.ShouldBe(Variant.None);
    }

    private static bool EndsInAVariant(string id) =>
        id.EndsWith(":free", StringComparison.OrdinalIgnoreCase) || id.EndsWith(":flex", StringComparison.OrdinalIgnoreCase);

    private static Slug Accepted(string text)
    {
        Slug.Parse(text).Accepted(out var slug, out var refusal).ShouldBeTrue(refusal?.ToString());
        return slug;
    }

    private static Refusal? Refused(string text) => Slug.Parse(text).Accepted(out _, out var refusal) ? null : refusal;
}
