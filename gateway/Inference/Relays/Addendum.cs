namespace Freeway.Gateway.Inference.Relays;

/// <summary>What we add to an answer of our own: a JSON object under the name <c>freeway</c>. It is asked for once, when all that was used is known.</summary>
internal sealed class Addendum(Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>> ask)
{
    /// <summary>Whether it has not been asked for yet.</summary>
    public bool IsOwed { get; private set; } = true;

    public static ReadOnlySpan<byte> Name => "\"freeway\":"u8;

    /// <returns>The object's bytes, or none where nothing is to be added.</returns>
    public ValueTask<ReadOnlyMemory<byte>> AskAsync(RelayResult soFar)
    {
        IsOwed = false;
        return ask(soFar);
    }
}
