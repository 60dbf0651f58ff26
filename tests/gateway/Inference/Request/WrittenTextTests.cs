using System.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Request;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Request;

public sealed class WrittenTextTests
{
    [Fact]
    public void Read_AnyText_InPiecesOfAnyLength_IsTheText() =>
        Prop.ForAll(Text().ToArbitrary(), Gen.Choose(2, 9).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (text, length, escapes) =>
        {
            var json = escapes ? JsonSerializer.Serialize(text) : JsonSerializer.Serialize(text, Relaxed);
            ReadOnlySpan<byte> written = Encoding.UTF8.GetBytes(json).AsSpan()[1..^1];
            var (read, piece) = (new StringBuilder(), new char[length]);
            while (written.Length > 0)
            {
                var units = WrittenText.Read(written, piece, out var consumed);
                consumed.ShouldBeInRange(1, written.Length);
                read.Append(piece, 0, units);
                written = written[consumed..];
            }

            read.ToString().ShouldBe(text);
        }).QuickCheckThrowOnFailure();

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static Gen<string> Text() => Gen.Elements("a", "z ", "\n", "\t\r\b\f", "\"", "\\", "/", "é", "你", "😀", "\u0001", "word")
        .ListOf().Select(parts => string.Concat(parts));
}
