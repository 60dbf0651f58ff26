namespace Freeway.Runner.Loopback;

/// <summary>A request as it arrived, and what became of it.</summary>
public sealed class LoopbackRequest
{
    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Counts from 1.</summary>
    public required long Number { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>Names without regard to case; several values joined by commas.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>As it was sent.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Null where the body is not a chat request.</summary>
    public ChatTurn? Chat { get; init; }

    /// <summary>Null where the body is not an embeddings request.</summary>
    public EmbeddingsTurn? Embeddings { get; init; }

    /// <summary>Null where the body is not a request for images.</summary>
    public ImagesTurn? Images { get; init; }

    /// <summary>Completes when the client has closed the connection before the answer was finished.</summary>
    public Task ClientGone => _clientGone.Task;

    /// <summary>Completes when the answer is over, however it ended.</summary>
    public Task Finished => _finished.Task;

    internal void Leave() => _clientGone.TrySetResult();

    internal void Finish() => _finished.TrySetResult();
}
