namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>What a client makes of a scenario: one cell of the matrix.</summary>
/// <param name="End">
/// <c>answered</c>; <c>error</c>; <c>none</c>, where its API has no such thing; <c>whole</c>, where a broken stream
/// looked like a whole one; <c>asleep</c>, after one request and for longer than our patience; <c>trying</c>, when it
/// still sends requests after that.
/// </param>
public sealed record MatrixOutcome(string End)
{
    /// <summary>
    /// How the gateway answered each of its requests; none are told of a client that is still trying.
    /// </summary>
    public string? Answers { get; init; }

    /// <summary>The text that the caller got.</summary>
    public string? Text { get; init; }

    public int? Tokens { get; init; }

    public string? Error { get; init; }

    public int? Status { get; init; }

    public string? Code { get; init; }

    public string? ResetAt { get; init; }

    public static MatrixOutcome Of(MatrixCall call, MatrixSeen seen, IReadOnlyList<int> answers)
    {
        var end = (seen.End, answers.Count) switch
        {
            ("waiting", 1) => "asleep",
            ("waiting", _) => "trying",
            ("answered", _) when call.Scenario.Answer is null => "whole",
            var (told, _) => told,
        };
        var text = seen.Numbers is { } numbers ? $"{numbers} numbers" : seen.Text.Replace(call.Text, call.Scenario.Text, StringComparison.Ordinal);
        return new MatrixOutcome(end)
        {
            Answers = end is "trying" ? null : string.Join(' ', answers),
            Text = text is "" ? null : text,
            Tokens = seen.Tokens,
            Error = seen.Error?.Class,
            Status = seen.Error?.Status,
            Code = seen.Error?.Code,
            ResetAt = seen.Error?.ResetAt,
        };
    }
}
