using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Makes of a body what an upstream understands: members are cut out, or their names replaced. All other bytes stay.
/// </summary>
public static class QuirkedBody
{
    private const int MaxDepth = 128;

    /// <param name="body">A JSON object that names its model.</param>
    /// <returns>The same body where no quirk is for it.</returns>
    public static JsonPieces Apply(JsonPieces body, Surface surface, IReadOnlyList<BodyQuirk> quirks)
    {
        if (!quirks.Any(quirk => quirk.Surfaces.Contains(surface)))
        {
            return body;
        }

        var json = JsonSegment.Join(body.Pieces);
        var members = Scan(json, out var model);
        List<BodyQuirk> matching = [.. quirks.Where(quirk => quirk.IsFor(surface, model))];
        var names = matching.SelectMany(quirk => quirk.Rename).DistinctBy(pair => pair.Key).ToDictionary(StringComparer.Ordinal);
        var dropped = matching.SelectMany(quirk => quirk.Drop).ToHashSet(StringComparer.Ordinal);
        var renamed = Rename(members, names, dropped);
        return renamed.Count is 0 && !members.Exists(member => dropped.Contains(member.Name)) ? body : new JsonPieces(Cut(json, members, dropped, renamed));
    }

    /// <summary>
    /// The names that are replaced. Of two members that would have one name, one is dropped: the upstream's own stays,
    /// unless it says nothing.
    /// </summary>
    private static Dictionary<string, string> Rename(List<JsonMember> members, Dictionary<string, string> names, HashSet<string> dropped)
    {
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (from, to) in names.Where(pair => members.Exists(member => member.Name == pair.Key)))
        {
            if (members.Exists(member => member.Name == to && !member.IsNull))
            {
                dropped.Add(from);
            }
            else
            {
                dropped.Add(to);
                renamed.Add(from, to);
            }
        }

        return renamed;
    }

    private static List<JsonMember> Scan(ReadOnlySequence<byte> body, out string model)
    {
        var members = new List<JsonMember>();
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        model = "";
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var (start, length) = (json.TokenStartIndex, json.HasValueSequence ? json.ValueSequence.Length : json.ValueSpan.Length);
            var name = json.GetString()!;
            json.Read();
            var isNull = json.TokenType is JsonTokenType.Null;
            model = name is "model" && json.TokenType is JsonTokenType.String ? json.GetString()! : model;
            json.Skip();
            members.Add(new JsonMember(name, start, start + length + 2, json.BytesConsumed, isNull));
        }

        return members;
    }

    /// <summary>
    /// The pieces that stay. A member goes with the comma behind it, and those at the end with the one before them.
    /// </summary>
    private static List<ReadOnlyMemory<byte>> Cut(
        ReadOnlySequence<byte> json, List<JsonMember> members, HashSet<string> dropped, Dictionary<string, string> renamed)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        var (rest, last) = (0L, members.FindLastIndex(member => !dropped.Contains(member.Name)));
        for (var index = 0; index <= last; index++)
        {
            var member = members[index];
            if (dropped.Contains(member.Name))
            {
                Keep(member.Start);
                rest = members[index + 1].Start;
            }
            else if (renamed.TryGetValue(member.Name, out var name))
            {
                Keep(member.Start);
                pieces.Add(JsonSerializer.SerializeToUtf8Bytes(name, QuirkJson.Default.String));
                rest = member.NameEnd;
            }
        }

        if (last < members.Count - 1)
        {
            Keep(last < 0 ? members[0].Start : members[last].ValueEnd);
            rest = members[^1].ValueEnd;
        }

        Keep(json.Length);
        return pieces;

        void Keep(long end)
        {
            foreach (var piece in json.Slice(rest, end - rest))
            {
                pieces.Add(piece);
            }
        }
    }
}

/// <summary>Where a member of a body stands, in bytes: from the quote before its name to behind its value.</summary>
/// <param name="NameEnd">Behind the quote after its name.</param>
internal readonly record struct JsonMember(string Name, long Start, long NameEnd, long ValueEnd, bool IsNull);

/// <summary>Pieces as one sequence, without copying them together.</summary>
internal sealed class JsonSegment : ReadOnlySequenceSegment<byte>
{
    private JsonSegment(ReadOnlyMemory<byte> piece, long at) => (Memory, RunningIndex) = (piece, at);

    public static ReadOnlySequence<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var first = new JsonSegment(ReadOnlyMemory<byte>.Empty, 0);
        var last = first;
        foreach (var piece in pieces)
        {
            var next = new JsonSegment(piece, last.RunningIndex + last.Memory.Length);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class QuirkJson : JsonSerializerContext;

/// <summary>A JSON body in pieces, written as they are: nothing is copied together.</summary>
public sealed class JsonPieces(IReadOnlyList<ReadOnlyMemory<byte>> pieces) : IUpstreamBody
{
    public string ContentType => "application/json";

    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces { get; } = pieces;

    public long? Length { get; } = pieces.Sum(piece => (long)piece.Length);

    public async Task WriteAsync(Stream upstream, CancellationToken cancellation)
    {
        foreach (var piece in Pieces)
        {
            await upstream.WriteAsync(piece, cancellation);
        }
    }
}
