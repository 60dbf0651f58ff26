namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>Outcomes as the docs tell them.</summary>
internal static class OutcomeWords
{
    public static string Short(MatrixOutcome outcome) => (outcome.End, Requests(outcome)) switch
    {
        ("answered", _) when outcome.Answers!.Split(' ').All(status => status is "200") => "answered",
        ("answered", var requests) => $"answered at attempt {requests}",
        ("error", 1) => "error at once",
        ("error", var requests) => $"error after {requests} attempts",
        ("none", _) => "–",
        ("asleep", _) => "**sleeps**",
        ("trying", _) => "**keeps trying**",
        var (end, _) => $"**{end}**",
    };

    public static string Long(MatrixOutcome outcome) => outcome.End switch
    {
        "answered" => "the answer" + (outcome.Tokens is null ? "" : " and its usage"),
        "none" => "its API has none",
        "asleep" => "nothing: it sleeps until the `Retry-After` is over, or the caller cancels",
        "trying" => "nothing for long: it goes on trying",
        "error" => (outcome.Text is null ? "" : "what came, then ") + (outcome.Error is "object" ? "a plain object" : $"`{outcome.Error}`") + (outcome.Status is { } status ? $" with {status}" : ""),
        _ => "a text that looks whole and is not",
    };

    private static int Requests(MatrixOutcome outcome) => outcome.Answers?.Split(' ').Length ?? 0;
}
