using Freeway.Gateway.ActivityLog;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class ActivityCursorTests
{
    [Fact]
    public void Cursor_OfAnyRecord_ComesBack()
    {
        var ids = ArbMap.Default.GeneratorFor<NonEmptyString>().Where(id => id.Get.Length <= 40 && !id.Get.Any(char.IsSurrogate));
        var ticks = ArbMap.Default.GeneratorFor<long>().Where(value => value >= 0 && value <= DateTime.MaxValue.Ticks);
        Prop.ForAll(ids.Zip(ticks).ToArbitrary(), pair =>
        {
            var cursor = new ActivityCursor(new DateTimeOffset(pair.Item2, TimeSpan.Zero), pair.Item1.Get);
            return ActivityCursor.TryParse(cursor.ToString(), out var read) && read == cursor;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Parse_AnyText_NeverThrows() =>
        Prop.ForAll<NonNull<string>>(text => ActivityCursor.TryParse(text.Get, out _) || true).QuickCheckThrowOnFailure();
}
