using Freeway.Gateway.Core;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>What every client is put through, each with a key of its own.</summary>
/// <param name="Name">As in <c>tests/clients/outcomes.json</c>.</param>
/// <param name="Title">As in <c>docs/clients.md</c>.</param>
/// <param name="Does">What the client is to do: <c>chat</c>, <c>stream</c>, <c>tools</c>, <c>toolsStream</c>, <c>object</c> or <c>embeddings</c>.</param>
public sealed record MatrixScenario(string Name, string Title, string Does, string Model)
{
    /// <summary>What the user says.</summary>
    public string Text { get; init; } = "say it back";

    /// <summary>Whether a stream is to tell its usage; some clients always ask for it.</summary>
    public bool Usage { get; init; }

    /// <summary>What the model was to answer, where it does; null where no answer is right.</summary>
    public string? Answer { get; init; }

    /// <summary>The code that the gateway refuses with.</summary>
    public string? Code { get; init; }

    /// <summary>Whether the org's quota has been used up before.</summary>
    public bool Spent { get; init; }

    /// <summary>Whether the clock stands shortly before the next minute.</summary>
    public bool LateInTheMinute { get; init; }

    /// <summary>The status that the key wants for a spent quota.</summary>
    public HardRefusal HardRefusal { get; init; }

    /// <summary>Whether the key is one that the gateway does not know.</summary>
    public bool Stranger { get; init; }
}
