namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>A client as callers have it, ready to play scenarios.</summary>
public interface IMatrixClient : IAsyncDisposable
{
    Task<MatrixSeen> PlayAsync(MatrixCall call);
}
