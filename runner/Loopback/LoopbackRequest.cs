namespace Freeway.Runner.Loopback;

/// <summary>A request as it arrived, and what became of it.</summary>
public sealed class LoopbackRequest
{
    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Counts from 1.</summary>
    public required long Number { get; init; }

    /// <summary>Gets the time at which the request had arrived whole, by the upstream's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>Names without regard to case; several values joined by commas.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Gets the body as it was sent.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>
    /// Gets what the request asks for, as its path says; null where it asks for nothing that is known.
    /// </summary>
    public ILoopbackTurn? Turn { get; init; }

    public ChatTurn? Chat => Turn as ChatTurn;

    public CompletionTurn? Completion => Turn as CompletionTurn;

    public ResponsesTurn? Response => Turn as ResponsesTurn;

    public MessagesTurn? Message => Turn as MessagesTurn;

    public EmbeddingsTurn? Embeddings => Turn as EmbeddingsTurn;

    public ImagesTurn? Images => Turn as ImagesTurn;

    public ModerationsTurn? Moderations => Turn as ModerationsTurn;

    public SpeechTurn? Speech => Turn as SpeechTurn;

    public TranscriptionTurn? Transcription => Turn as TranscriptionTurn;

    /// <summary>Completes when the client has closed the connection before the answer was finished.</summary>
    public Task ClientGone => _clientGone.Task;

    /// <summary>Completes when the answer is over, however it ended.</summary>
    public Task Finished => _finished.Task;

    internal void Leave() => _clientGone.TrySetResult();

    internal void Finish() => _finished.TrySetResult();
}
