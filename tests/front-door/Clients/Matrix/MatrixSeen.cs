namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>What one client saw of one scenario.</summary>
/// <param name="End">
/// <c>answered</c>, <c>error</c>, <c>waiting</c> where our patience ended first, or <c>none</c> where its API has no
/// such thing.
/// </param>
public sealed record MatrixSeen(string End, string Text)
{
    public MatrixError? Error { get; init; }

    /// <summary>Of the whole request, as the client tells its caller.</summary>
    public int? Tokens { get; init; }

    /// <summary>Of the embedding.</summary>
    public int? Numbers { get; init; }
}
