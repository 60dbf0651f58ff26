using System.Buffers;
using System.Text;
using Freeway.Adapters.Tables;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Adapters.Tests.Tables;

public sealed class TableKeyTests
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\#?%'|");

    private static readonly Arbitrary<string> Texts = Gen.OneOf(
            Gen.Elements<char>('/', '\\', '#', '?', '%', '|', '!', '\'', ' ', '.', 'u', '2', 'f', '\t', '\u0085', '\u007f'),
            Gen.Choose(0, char.MaxValue).Select(unit => (char)unit))
        .ArrayOf()
        .Select(units => new string(units))
        .ToArbitrary();

    [Fact]
    public void Escape_AnyText_ComesBackWhole() =>
        Prop.ForAll(Texts, text => TableKey.Unescape(TableKey.Escape(text)) == text).QuickCheckThrowOnFailure();

    [Fact]
    public void Escape_AnyText_HoldsNothingForbidden() =>
        Prop.ForAll(Texts, text =>
        {
            var key = TableKey.Escape(text);
            return !key.AsSpan().ContainsAny(Forbidden) && !key.Any(char.IsControl) && !key.EndsWith(' ') && !key.EndsWith('.')
                && new UTF8Encoding(false, true).GetByteCount(key) >= 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Join_AnyParts_SplitGivesThemBack() =>
        Prop.ForAll(Texts.Generator.Where(text => text.Length < 25).NonEmptyListOf().Where(parts => parts.Count < 4).ToArbitrary(), parts =>
            TableKey.Split(TableKey.Join(parts.ToArray())).SequenceEqual(parts)).QuickCheckThrowOnFailure();

    [Fact]
    public void FromAndUntil_AnyKey_HoldExactlyTheKeysBelowTheirParts() =>
        Prop.ForAll(Texts, Texts, Texts, (first, other, rest) =>
        {
            if (first.Length + other.Length + rest.Length > 80)
            {
                return true;
            }

            var key = TableKey.Join(other, rest);
            var inside = string.CompareOrdinal(TableKey.From(first), key) <= 0 && string.CompareOrdinal(key, TableKey.Until(first)) < 0;
            return inside == (first == other);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("sarvam/bulbul:v2", "sarvam!2fbulbul:v2")]
    [InlineData("acme", "acme")]
    [InlineData("50% off!", "50!25 off!21")]
    [InlineData("dot.", "dot!2e")]
    public void Escape_KnownText_IsLegible(string text, string key) => TableKey.Escape(text).ShouldBe(key);

    [Theory]
    [InlineData("!")]
    [InlineData("!2")]
    [InlineData("!zz")]
    [InlineData("!u12")]
    public void Unescape_NotAKey_IsRefused(string key) => Should.Throw<FormatException>(() => TableKey.Unescape(key));

    [Fact]
    public void Join_LongerThanATableTakes_IsRefused()
    {
        TableKey.Join(new string('a', 512)).Length.ShouldBe(512);
        Should.Throw<TableKeyTooLongException>(() => TableKey.Join(new string('a', 513)));
        Should.Throw<TableKeyTooLongException>(() => TableKey.Join(new string('/', 171)));
    }
}
