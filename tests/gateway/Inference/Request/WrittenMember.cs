using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Request;

/// <summary>A member as it is written; without a value it is the model.</summary>
public sealed record WrittenMember(string Name, string? Value)
{
    /// <summary>One that nobody looks at, with a value of any kind, nested a few levels.</summary>
    public static Gen<WrittenMember> Other() =>
        from name in Text()
        from value in Gen.Sized(size => Json(Math.Min(size, 20)))
        select new WrittenMember(JsonSerializer.Serialize("x" + name), value);

    private static Gen<string> Json(int size) => size is 0
        ? Gen.Elements("null", "true", "-0", "1.5E+10", "\"\\ud83d\\ude00\\/\"", "\"\"", "[]", "{ }", "12345678901234567890")
        : Gen.OneOf(
            Json(0),
            from text in Text() select JsonSerializer.Serialize(text),
            from items in Json(size / 4).ListOf() select $"[{string.Join(", ", items.Take(4))}]",
            from items in Json(size / 4).ListOf() select $"{{{string.Join(",", items.Take(4).Select((item, at) => $"\"model{at}\":{item}"))}}}");

    private static Gen<string> Text() => Gen.Elements("a", "model", "é", "😀", "\"", "\\", "\n", "}", ":free").ListOf().Select(string.Concat);
}
