using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Request;

/// <summary>Says where in the body the values stand that may be rewritten.</summary>
internal readonly record struct RequestLayout
{
    /// <summary>
    /// Gets the place of the model's value, quotes included; where the request has none, the whole member
    /// <c>models</c>.
    /// </summary>
    public required Range Model { get; init; }

    /// <summary>
    /// Gets whether the request names its model in <c>models</c> alone, so that <see cref="Model"/> has no member of
    /// its own yet.
    /// </summary>
    public bool LacksModel { get; init; }

    /// <summary>
    /// Gets the places of what is for us alone and has to be taken out, each with a comma; in order, apart.
    /// </summary>
    public IReadOnlyList<Range> Cuts { get; init; }

    /// <summary>Gets the place of the value of <c>service_tier</c>, where there is one.</summary>
    public Range? ServiceTier { get; init; }

    /// <summary>Gets the place of the whole body's closing brace.</summary>
    public required int Close { get; init; }

    /// <summary>Gets the place of the value of <c>stream_options</c>, where there is one: an object or null.</summary>
    public Range? StreamOptions { get; init; }

    /// <summary>Gets the place just behind the opening brace of <c>stream_options</c>, where it is an object.</summary>
    public int? StreamOptionsOpen { get; init; }

    public bool StreamOptionsEmpty { get; init; }

    /// <summary>Gets the place of the value of <c>stream_options.include_usage</c>, where there is one.</summary>
    public Range? IncludeUsage { get; init; }

    /// <summary>Gets whether the request holds a ceiling that upstreams obey.</summary>
    public bool HasCeiling { get; init; }

    /// <summary>Gets the place of the value of <c>size</c>, where it is written as null.</summary>
    public Range? NullSize { get; init; }

    /// <summary>Gets the place of such a ceiling's value, where it is written as null.</summary>
    public Range? NullCeiling { get; init; }
}

/// <summary>Replaces one place of a body, or, where the range is empty, fills something in.</summary>
internal readonly record struct Splice(Range At, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// Cuts the body in pieces: its own memory around the splices, which do not overlap. Of two at one place the one
    /// that is named first comes first.
    /// </summary>
    public static ReadOnlyMemory<byte>[] Apply(ReadOnlyMemory<byte> body, params IReadOnlyList<Splice> splices)
    {
        var pieces = new ReadOnlyMemory<byte>[(splices.Count * 2) + 1];
        var (piece, rest) = (0, 0);
        foreach (var splice in splices.OrderBy(splice => splice.At.Start.Value))
        {
            pieces[piece++] = body[rest..splice.At.Start.Value];
            pieces[piece++] = splice.Bytes;
            rest = splice.At.End.Value;
        }

        pieces[piece] = body[rest..];
        return pieces;
    }
}

/// <summary>Is a member of a request that is for us alone, and is cut out of what goes upstream.</summary>
/// <param name="Before">The place where the member before it ends; 0 where it is the first.</param>
/// <param name="Next">The place where the next one begins; null where it is the last.</param>
internal readonly record struct OurMember(RequestField Field, int Start, int End, int Before, int? Next)
{
    /// <summary>
    /// Says what to cut so that the rest stays well formed: each member goes with the comma behind it, but those at the
    /// end with the comma before them.
    /// </summary>
    /// <param name="members">In order.</param>
    public static IReadOnlyList<Range> Cuts(IReadOnlyList<OurMember> members)
    {
        var tail = members.Count;
        if (members is [.., { Next: null }])
        {
            tail--;
            while (tail > 0 && members[tail - 1].Next == members[tail].Start)
            {
                tail--;
            }
        }

        List<Range> cuts = [.. members.Take(tail).Select(member => member.Start..member.Next!.Value)];
        if (tail < members.Count)
        {
            var first = members[tail];
            cuts.Add((first.Before is 0 ? first.Start : first.Before)..members[^1].End);
        }

        return cuts;
    }
}
