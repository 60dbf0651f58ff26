using System.Text;
using System.Text.Json.Nodes;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Request;

/// <summary>What is for us alone is cut out wherever it stands, and the rest stays as it was written.</summary>
public sealed class OwnMemberTests
{
    private static readonly string[] Members =
        ["\"model\": \"a\"", "\"models\" : [ \"b\" ]", "\"provider\":{\"order\" : [ \"x\" ]}", "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]", "\"x\": 1"];

    public static TheoryData<int[]> Orders() => [.. Permutations([0, 1, 2, 3, 4]).Concat(Permutations([0, 2, 3])).Concat(Permutations([1, 2, 3])).Concat(Permutations([0, 1, 3]))];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Rewrite_MembersInAnyOrder_SendsTheRestAndTheModel(int[] order)
    {
        var json = $"{{ {string.Join(" , ", order.Select(index => Members[index]))} }}";
        JsonBody.Parse(Encoding.UTF8.GetBytes(json), Surface.ChatCompletions).Accepted(out var body, out var refusal).ShouldBeTrue(refusal?.ToString());

        var sent = Encoding.UTF8.GetString([.. body!.Rewrite("up", injectUsage: false).SelectMany(piece => piece.ToArray())]);

        var members = JsonNode.Parse(sent)!.AsObject();
        members["model"]!.GetValue<string>().ShouldBe("up");
        string[] others = order.Contains(4) ? ["messages", "x"] : ["messages"];
        members.Select(member => member.Key).ShouldBe(["model", .. others], ignoreOrder: true);
        others.ShouldAllBe(name => JsonNode.DeepEquals(members[name], JsonNode.Parse(json)![name]));
        body.Routes.Order.ShouldBe(order.Contains(2) ? ["x"] : []);
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length is 0
        ? [[]]
        : items.SelectMany(item => Permutations([.. items.Where(other => other != item)]).Select(rest => (int[])[item, .. rest]));
}
