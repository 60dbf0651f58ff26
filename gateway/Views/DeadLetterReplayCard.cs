namespace Freeway.Gateway.Views;

/// <summary>What became of dead letters that were to be sent again.</summary>
/// <param name="Replayed">How many the broker has taken into the queue again.</param>
/// <param name="Left">How many are put aside now, 1000 at most: also those that came back meanwhile.</param>
public sealed record DeadLetterReplayCard(int Replayed, int Left);
