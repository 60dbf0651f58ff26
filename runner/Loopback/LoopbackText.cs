namespace Freeway.Runner.Loopback;

/// <summary>The text of an answer, in the pieces in which it is streamed.</summary>
/// <param name="Cut">Whether the request's ceiling ended it early.</param>
internal sealed record LoopbackText(IReadOnlyList<string> Pieces, int Words, bool Cut)
{
    public string Whole => string.Concat(Pieces);

    /// <param name="said">What is answered unless the script has a text.</param>
    public static LoopbackText Of(string said, int? mostWords, LoopbackScript script)
    {
        var own = TurnReading.Words(script.Text ?? said);
        var wanted = script.Words ?? Math.Max(script.Chunks ?? 0, own.Length);
        var count = Math.Min(wanted, mostWords ?? wanted);
        var words = own.Length > 0 ? own : ["word"];
        var pieces = Math.Min(script.Chunks ?? count, count);
        return new LoopbackText([.. Enumerable.Range(0, pieces).Select(Piece)], count, count < wanted);

        string Piece(int at)
        {
            var (from, to) = ((int)((long)count * at / pieces), (int)((long)count * (at + 1) / pieces));
            return (at > 0 ? " " : "") + string.Join(' ', Enumerable.Range(from, to - from).Select(word => words[word % words.Length]));
        }
    }
}
