namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>A client as callers have it, ready to play scenarios.</summary>
public interface IMatrixClient : IAsyncDisposable
{
    /// <param name="patience">Ends the scenario where the client has not; what it saw until then is answered.</param>
    Task<MatrixSeen> PlayAsync(MatrixCall call, CancellationToken patience);
}
