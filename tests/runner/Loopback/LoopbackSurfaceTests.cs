using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Freeway.Runner.Loopback;

namespace Freeway.Runner.Tests.Loopback;

public sealed class LoopbackSurfaceTests
{
    [Fact]
    public async Task Embeddings_SeveralInputs_HaveTheShapeOfOpenAi()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await AnswerAsync(rig, "/embeddings", """{"model":"any/embed","input":["one two","three","one two"]}""");

        ((string?)answer["object"], (string?)answer["model"]).ShouldBe(("list", "any/embed"));
        var data = answer["data"]!.AsArray();
        data.Select(one => ((string?)one!["object"], (int)one["index"]!)).ShouldBe([("embedding", 0), ("embedding", 1), ("embedding", 2)]);
        var vectors = data.Select(one => one!["embedding"]!.AsArray().Select(number => (float)number!).ToArray()).ToArray();
        vectors.ShouldAllBe(vector => vector.Length == 8 && vector.All(number => number >= -1 && number < 1));
        vectors[2].ShouldBe(vectors[0]);
        vectors[1].ShouldNotBe(vectors[0]);
        answer["usage"]!.ToJsonString().ShouldBe("""{"prompt_tokens":5,"total_tokens":5}""");
    }

    [Theory]
    [InlineData("\"a b c\"", 1, 3)]
    [InlineData("[5,6]", 1, 2)]
    [InlineData("[[5,6],[7]]", 2, 3)]
    public async Task Embeddings_InputInAnyForm_IsCounted(string input, int vectors, int tokens)
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await AnswerAsync(rig, "/embeddings", $$"""{"model":"m","input":{{input}},"dimensions":3}""");

        answer["data"]!.AsArray().Select(one => one!["embedding"]!.AsArray().Count).ShouldBe(Enumerable.Repeat(3, vectors));
        ((int)answer["usage"]!["prompt_tokens"]!).ShouldBe(tokens);
    }

    [Fact]
    public async Task Embeddings_AsBase64_AreTheSameNumbers()
    {
        await using var rig = await LoopbackRig.StartAsync();
        var plain = await AnswerAsync(rig, "/embeddings", """{"model":"m","input":"x"}""");

        var encoded = await AnswerAsync(rig, "/embeddings", """{"model":"m","input":"x","encoding_format":"base64"}""");

        var bytes = Convert.FromBase64String((string)encoded["data"]![0]!["embedding"]!);
        bytes.Chunk(4).Select(four => BinaryPrimitives.ReadSingleLittleEndian(four))
            .ShouldBe(plain["data"]![0]!["embedding"]!.AsArray().Select(number => (float)number!));
    }

    [Fact]
    public async Task Images_SeveralOfThem_HaveTheShapeOfOpenAi()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await AnswerAsync(rig, "/images/generations", """{"model":"m","prompt":"a cat","n":3,"size":"512x512"}""");

        ((long)answer["created"]!).ShouldBe(rig.Time.GetUtcNow().ToUnixTimeSeconds());
        answer["usage"].ShouldBeNull();
        var images = answer["data"]!.AsArray().Select(one => Convert.FromBase64String((string)one!["b64_json"]!)).ToArray();
        images.Length.ShouldBe(3);
        images.Select(image => Encoding.Latin1.GetString(image, 1, 3)).ShouldBe(["PNG", "PNG", "PNG"]);
        rig.Upstream.Requests.Single().Images.ShouldBe(new ImagesTurn("m", "a cat", 3, "512x512"));
    }

    [Fact]
    public async Task Images_TokensScripted_AreReported()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await AnswerAsync(rig, "/images/generations", """{"model":"m","prompt":"/script image_tokens=100 cat","n":2}""");

        answer["usage"]!.ToJsonString().ShouldBe(
            """{"total_tokens":203,"input_tokens":3,"output_tokens":200,"input_tokens_details":{"text_tokens":3,"image_tokens":0}}""");
    }

    [Theory]
    [InlineData("/embeddings", """{"model":"m","input":"/script error=503"}""")]
    [InlineData("/images/generations", """{"model":"m","prompt":"/script error=503"}""")]
    public async Task Script_OnAnySurface_IsFollowed(string path, string body)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await PostAsync(rig, path, body);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("/embeddings", "usage=none", false)]
    [InlineData("/embeddings", "usage=zero", true)]
    public async Task Embeddings_UsageScripted_IsLeftOutOrZero(string path, string setting, bool there)
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await AnswerAsync(rig, path, $$"""{"model":"m","input":["/script {{setting}}"]}""");

        ((int?)answer["usage"]?["prompt_tokens"]).ShouldBe(there ? 0 : null);
    }

    [Theory]
    [InlineData("/embeddings", """{"model":"m"}""")]
    [InlineData("/embeddings", """{"input":"x"}""")]
    [InlineData("/embeddings", """[]""")]
    [InlineData("/images/generations", """{"model":"m","prompt":["x"]}""")]
    [InlineData("/images/generations", "{")]
    public async Task Body_NotOfTheSurface_IsRefused(string path, string body)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await PostAsync(rig, path, body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Embeddings_OfAScriptedGate_AreHeld()
    {
        var gate = new LoopbackGate();
        await using var rig = await LoopbackRig.StartAsync(request => request.Embeddings is { Inputs: ["x"] } ? new() { Gate = gate } : null);

        var answer = AnswerAsync(rig, "/embeddings", """{"model":"m","input":"x"}""");

        (await gate.ArrivalAsync()).Path.ShouldBe("/v1/embeddings");
        answer.IsCompleted.ShouldBeFalse();
        gate.Open();
        (await answer)["data"]!.AsArray().Count.ShouldBe(1);
    }

    private static async Task<JsonNode> AnswerAsync(LoopbackRig rig, string path, string body)
    {
        using var response = await PostAsync(rig, path, body);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private static Task<HttpResponseMessage> PostAsync(LoopbackRig rig, string path, string body) =>
        rig.Client.PostAsync(rig.Upstream.BaseUrl + path, new StringContent(body));
}
