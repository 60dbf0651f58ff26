namespace Freeway.Gateway.Inference.Metering;

/// <summary>
/// Counts the tokens that a text has for a model of a usual kind. Models differ in their tokens;
/// <see cref="TokenEstimator"/> learns by how much. Safe to call from many threads.
/// </summary>
public interface ITokenizer
{
    /// <summary>Counts the tokens of a short text: the time may grow with the square of its length.</summary>
    int Count(ReadOnlySpan<char> text);
}
