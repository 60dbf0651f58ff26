namespace Freeway.Runner.Loopback;

/// <summary>What an answer says about what it took.</summary>
public enum LoopbackUsage
{
    /// <summary>A token per word, in non-stream answers always, in streams where it is asked for; for audio that is sent in seconds, or tokens of models that are named so.</summary>
    Reported,

    /// <summary>Nothing, asked or not.</summary>
    None,

    /// <summary>0 in every field.</summary>
    Zero,

    /// <summary>For audio that is sent in: seconds, whatever the model.</summary>
    Duration,

    /// <summary>For audio that is sent in: tokens, whatever the model.</summary>
    Tokens,
}
