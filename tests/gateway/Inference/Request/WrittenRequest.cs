using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Request;

/// <summary>A chat request in random order, spacing and spelling, which knows by itself how it reads with other values.</summary>
/// <param name="Ceiling">The ceiling on output, as it is written; null where it is not.</param>
public sealed record WrittenRequest(IReadOnlyList<WrittenMember> Members, string Space, bool Stream, string? Options, WrittenMember? Ceiling)
{
    public const string Model = "demo/écho:free";

    private static readonly string[] Spaces = ["", " ", "\n  ", "\t\r\n"];

    public bool AsksForUsage => Options?.Contains("true", StringComparison.Ordinal) is true;

    public static Gen<WrittenRequest> Any() =>
        from others in WrittenMember.Other().ListOf()
        from model in Gen.Elements("\"model\"", "\"mod\\u0065l\"")
        from space in Gen.Elements(Spaces)
        from stream in Gen.Elements("true", "false", "null")
        from options in Gen.Elements(null, "null", "{}", "{ \"x\" : [{}] }", "{\"x\":0,\"include_usage\": false}", "{\"include_usage\":true ,\"y\":\"\"}")
        from ceiling in Gen.Elements<WrittenMember?>(
            null, new("\"max_tokens\"", "null"), new("\"max_completion_tokens\"", "null"), new("\"max_tokens\"", "7"), new("\"max_completi\\u006fn_tokens\"", "7"))
        from members in Gen.Shuffle(Distinct(
        [
            new WrittenMember(model, null), new("\"messages\"", "[{\"role\":\"user\",\"content\":\"a\\u0041 😀\"}]"),
            new("\"stream\"", stream), .. options is null ? [] : new[] { new WrittenMember("\"stream_options\"", options) }, .. ceiling is null ? [] : new[] { ceiling }, .. others,
        ]))
        select new WrittenRequest(members, space, stream is "true", options, ceiling);

    /// <param name="most">The ceiling that is set where the request sets none.</param>
    public string Text(string model, bool usage, long? most = null)
    {
        var members = Members.Select(member => member switch
        {
            { Value: null } => $"{member.Name}{Space}:{Space}{Quoted(model)}",
            { Value: "null" } when most is not null && member == Ceiling => $"{member.Name}{Space}:{Space}{most}",
            { Name: "\"stream_options\"" } when usage => $"{member.Name}{Space}:{Space}{WithUsage()}",
            _ => $"{member.Name}{Space}:{Space}{member.Value}",
        });
        var added = usage && Options is null ? ",\"stream_options\":{\"include_usage\":true}" : "";
        added += most is not null && Ceiling is null ? $",\"max_tokens\":{most}" : "";
        return $"{Space}{{{Space}{string.Join($"{Space},{Space}", members)}{Space}{added}}}{Space}";
    }

    private string WithUsage() => Options switch
    {
        "null" or "{}" => "{\"include_usage\":true}",
        "{ \"x\" : [{}] }" => "{\"include_usage\":true, \"x\" : [{}] }",
        var written => written!.Replace("false", "true", StringComparison.Ordinal),
    };

    private static WrittenMember[] Distinct(WrittenMember[] members) => [.. members.DistinctBy(member => member.Name)];

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
