namespace Freeway.Runner.Loopback;

/// <summary>How a loopback upstream listens and answers.</summary>
public sealed record LoopbackOptions
{
    /// <summary>On 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The models that it lists; it answers for any other as well.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["echo"];

    /// <summary>Decides how a request is answered; where it says nothing, the request's own text does.</summary>
    public Func<LoopbackRequest, LoopbackScript?>? Script { get; init; }

    /// <summary>How many requests are kept to be looked at, latest last.</summary>
    public int Remembered { get; init; } = 1000;
}
