namespace Freeway.Gateway.Keys;

/// <summary>That something was done, where there is nothing to say about it.</summary>
/// <param name="IsReplay">True where nothing was done because the same command was carried out before.</param>
public sealed record Done(bool IsReplay = false);
