namespace Freeway.Tests.Shared;

/// <summary>A service that takes a call and never answers: it takes no time, and only its caller ends it.</summary>
public static class Silence
{
    /// <exception cref="OperationCanceledException">The caller has given up.</exception>
    public static Task KeepAsync(CancellationToken cancellation) => new TaskCompletionSource().Task.WaitAsync(cancellation);
}
