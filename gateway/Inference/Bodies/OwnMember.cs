using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>A member of a request that is for us alone.</summary>
/// <param name="Before">Where the member before it ends; 0 where it is the first.</param>
/// <param name="Next">Where the next one begins; null where it is the last.</param>
internal readonly record struct OwnMember(RequestField Field, int Start, int End, int Before, int? Next)
{
    /// <summary>
    /// What to cut so that the rest stays well formed: each goes with the comma behind it, but those at the end with the comma
    /// before them.
    /// </summary>
    /// <param name="members">In order.</param>
    public static IReadOnlyList<Range> Cuts(IReadOnlyList<OwnMember> members)
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
