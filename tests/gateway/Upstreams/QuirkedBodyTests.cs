using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Upstreams;

public sealed class QuirkedBodyTests
{
    private static readonly string[] Names = ["a", "b", "old", "new", "x", "y"];

    [Theory]
    [InlineData("""{"model":"m","a":1,"messages":[]}""", """{"model":"m","messages":[]}""")]
    [InlineData("""{ "a" : {"a":[1,2]} , "model":"m" }""", """{ "model":"m" }""")]
    [InlineData("""{ "model":"m" , "a":1 , "b":"x" }""", """{ "model":"m" }""")]
    [InlineData("""{"a":1,"b":2,"model":"m","a":3,"k":null,"b":4}""", """{"model":"m","k":null}""")]
    [InlineData("""{"model":"m","\u0061":1}""", """{"model":"m"}""")]
    [InlineData("""{"model":"m","k":{"a":1}}""", """{"model":"m","k":{"a":1}}""")]
    [InlineData("""{"model":"m","old" : 5}""", """{"model":"m","new" : 5}""")]
    [InlineData("""{"old":5,"model":"m","new":6}""", """{"model":"m","new":6}""")]
    [InlineData("""{"old":5,"model":"m","new":null}""", """{"new":5,"model":"m"}""")]
    [InlineData("""{"old":null,"model":"m","new":6}""", """{"model":"m","new":6}""")]
    [InlineData("""{"old":null,"model":"m"}""", """{"new":null,"model":"m"}""")]
    public void Apply_DropAndRename_TouchNothingElse(string body, string sent) => Apply(body).ShouldBe(sent);

    [Fact]
    public void Apply_TheModelOrTheSurfaceIsAnother_TheBodyIsTheSame()
    {
        var body = Pieces("""{"model":"other","a":1}""", 100);

        QuirkedBody.Apply(body, Surface.ChatCompletions, [Quirk(["m"])]).ShouldBeSameAs(body);
        QuirkedBody.Apply(body, Surface.Embeddings, [Quirk(["*"])]).ShouldBeSameAs(body);
        QuirkedBody.Apply(body, Surface.ChatCompletions, []).ShouldBeSameAs(body);
    }

    [Fact]
    public void Apply_ABodyInAnyPieces_IsWhatDroppingAndRenamingSay() => Prop.ForAll(
        Arb.From(
            from names in Gen.SubListOf(Names)
            from order in Gen.Shuffle(names.Append("model").ToArray())
            from nulls in Gen.ArrayOf(Gen.Elements(true, false), order.Length)
            from size in Gen.Choose(1, 9)
            select (Order: order, Nulls: nulls, Size: size)),
        given =>
        {
            var body = new JsonObject();
            foreach (var (name, index) in given.Order.Select((name, index) => (name, index)))
            {
                body[name] = name is "model" ? "m" : given.Nulls[index] ? null : new JsonArray(index, $"\"{name}\",");
            }

            var expected = new JsonObject();
            foreach (var (name, value) in body)
            {
                var loses = name is "a" or "b" || (name is "old" && body["new"] is not null) || (name is "new" && body["new"] is null && body.ContainsKey("old"));
                if (!loses)
                {
                    expected[name is "old" ? "new" : name] = value?.DeepClone();
                }
            }

            Apply(body.ToJsonString(), given.Size).ShouldBe(expected.ToJsonString());
        }).QuickCheckThrowOnFailure();

    private static string Apply(string body, int size = 3)
    {
        var sent = QuirkedBody.Apply(Pieces(body, size), Surface.ChatCompletions, [Quirk(["m"])]);
        var bytes = sent.Pieces.SelectMany(piece => piece.ToArray()).ToArray();
        sent.Length.ShouldBe(bytes.Length);
        using var valid = JsonDocument.Parse(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static BodyQuirk Quirk(string[] models) => new(
        [Surface.ChatCompletions], new ModelSet(models), ["a", "b"], new Dictionary<string, string>(StringComparer.Ordinal) { ["old"] = "new" });

    private static JsonPieces Pieces(string body, int size) => new([.. Encoding.UTF8.GetBytes(body).Chunk(size).Select(piece => new ReadOnlyMemory<byte>(piece))]);
}
