using System.Buffers.Text;
using System.Text;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Core;

/// <summary>What callers send back is read as it was written, or is told from it.</summary>
public sealed class OpaqueCursorTests
{
    private static readonly DateTimeOffset Time = new(2026, 5, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a")]
    [InlineData("with.dots.in.it")]
    [InlineData("ünï 🚗")]
    public void Read_OfWhatWasWritten_IsTheSame(string id)
    {
        OpaqueCursor.TryRead(OpaqueCursor.Write(Time, id), 100, out var time, out var read).ShouldBeTrue();

        (time, read).ShouldBe((Time, id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("639")]
    [InlineData("639.")]
    [InlineData(".id")]
    [InlineData("-1.id")]
    [InlineData("9223372036854775807.id")]
    [InlineData("639.longer than ten")]
    public void Read_OfAnythingElse_IsNone(string text) =>
        OpaqueCursor.TryRead(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text)), 10, out _, out _).ShouldBeFalse();

    [Fact]
    public void Read_OfWhatIsTooLong_IsNone()
    {
        OpaqueCursor.TryRead(OpaqueCursor.Write("2026-05-29", new string('a', 3000)), out _, out _).ShouldBeTrue();
        OpaqueCursor.TryRead(OpaqueCursor.Write("2026-05-29", new string('a', 4096)), out _, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("not base64 !")]
    [InlineData("%")]
    public void Read_OfWhatIsNotEvenEncoded_IsNone(string text) =>
        OpaqueCursor.TryRead(text, 10, out _, out _).ShouldBeFalse();
}
