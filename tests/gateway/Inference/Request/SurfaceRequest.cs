using System.Text.Json;
using Freeway.Gateway.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Request;

/// <summary>A request of any JSON surface with all that it may hold, in random order and spacing.</summary>
public sealed record SurfaceRequest(Surface Surface, IReadOnlyList<WrittenMember> Members, string Space)
{
    private static readonly Dictionary<Surface, string[]> Whole = new()
    {
        [Surface.Completions] =
        [
            "\"prompt\":[\"a\\u0041 😀\",\"b\"]", "\"n\":2", "\"best_of\":3", "\"max_tokens\":5", "\"stream\":false", "\"suffix\":\"}\"", "\"stop\":[\"\\n\"]", "\"logprobs\":null",
        ],
        [Surface.Responses] =
        [
            "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"model\"}]}]", "\"instructions\":\"say \\\"model\\\"\"", "\"stream\":true",
            "\"max_output_tokens\":9", "\"previous_response_id\":\"resp_1\"", "\"background\":false", "\"store\":false", "\"metadata\":{\"model\":\"x\"}",
        ],
        [Surface.Embeddings] = ["\"input\":[[1,2],[3]]", "\"dimensions\":8", "\"encoding_format\":\"base64\"", "\"n\":\"x\""],
        [Surface.ImageGenerations] = ["\"prompt\":\"a cat\"", "\"n\":2", "\"size\":\"512x512\"", "\"quality\":\"high\"", "\"stream\":false"],
        [Surface.AudioSpeech] =
            ["\"input\":\"Žluťoučký \\ud83d\\ude00\"", "\"voice\":{\"id\":\"v\"}", "\"response_format\":\"pcm\"", "\"speed\":1.25e0", "\"stream_format\":\"sse\"", "\"instructions\":\"sing\""],
        [Surface.Moderations] = ["\"input\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:,x\"}}]"],
    };

    public static Gen<SurfaceRequest> Any() =>
        from surface in Gen.Elements(Whole.Keys.ToArray())
        from others in WrittenMember.Other().ListOf()
        from space in Gen.Elements("", " ", "\n  ", "\t\r\n")
        from members in Gen.Shuffle(
            Whole[surface].Select(member => new WrittenMember(member[..member.IndexOf(':')], member[(member.IndexOf(':') + 1)..]))
                .Concat(others).Append(new WrittenMember("\"model\"", null)).DistinctBy(member => member.Name).ToArray())
        select new SurfaceRequest(surface, members, space);

    public string Text(string model) =>
        $"{Space}{{{Space}{string.Join($"{Space},{Space}", Members.Select(member => $"{member.Name}{Space}:{Space}{member.Value ?? JsonSerializer.Serialize(model)}"))}{Space}}}{Space}";
}
