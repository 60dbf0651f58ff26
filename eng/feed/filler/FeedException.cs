namespace Freeway.Feed;

/// <summary>The feed cannot be filled; the message says what to do about it.</summary>
internal sealed class FeedException(string message) : Exception(message);
