namespace Freeway.Runner.Local;

/// <summary>Where an Azurite of our own keeps its tables and listens.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Made if missing. One Azurite at a time may use it.</summary>
    public required string Folder { get; init; }

    /// <summary>The TCP port on 127.0.0.1 that it should have; 0, or one that is taken, gives a free one.</summary>
    public int Port { get; init; }

    /// <summary>How long a process that an earlier run has left on the folder may take to end by itself.</summary>
    public TimeSpan LeftOverPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Hears one line for each step worth telling.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
