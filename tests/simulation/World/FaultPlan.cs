namespace Freeway.Tests.Simulation.World;

/// <summary>How much goes wrong in a run: rates as shares of 1, and how many of what befalls the whole of it.</summary>
public sealed record FaultPlan
{
    public static FaultPlan None { get; } = new();

    /// <summary>At most so many callers, each with at most <see cref="RequestsEach"/> requests.</summary>
    public int Callers { get; init; } = 12;

    public int RequestsEach { get; init; } = 120;

    /// <summary>A request to a service never leaves.</summary>
    public double NeverSent { get; init; }

    /// <summary>It is carried out, and its answer is lost.</summary>
    public double AnswerLost { get; init; }

    /// <summary>It is carried out after its sender has given it up.</summary>
    public double Late { get; init; }

    /// <summary>The service says that it is busy.</summary>
    public double Busy { get; init; }

    /// <summary>The longest that a late request takes until it is carried out.</summary>
    public TimeSpan Latest { get; init; } = TimeSpan.FromSeconds(28);

    /// <summary>Outages of the storage, of a minute or more each.</summary>
    public int StorageOutages { get; init; }

    public int BrokerOutages { get; init; }

    /// <summary>Spans in which each call to the storage takes seconds.</summary>
    public int SlowSpans { get; init; }

    public int Kills { get; init; }

    /// <summary>Instances that are ended in order.</summary>
    public int Stops { get; init; }

    public int Freezes { get; init; }

    /// <summary>Instances that are killed or frozen just as a transaction of theirs is under way.</summary>
    public int Strikes { get; init; }

    /// <summary>The longest that an instance stays frozen, in seconds.</summary>
    public double FreezeSeconds { get; init; } = 200;

    /// <summary>How far calendars are apart at most, in seconds.</summary>
    public double SkewSeconds { get; init; }

    /// <summary>How often an instance's calendar is set anew.</summary>
    public int ClockJumps { get; init; }

    /// <summary>A message is delivered again, or much later.</summary>
    public double MessageDoubled { get; init; }

    /// <summary>A caller leaves before its answer is whole.</summary>
    public double CallerLeaves { get; init; }

    /// <summary>A caller sends the same again under its Idempotency-Key.</summary>
    public double CallerRepeats { get; init; }

    /// <summary>An upstream's attempt goes wrong in one of many ways.</summary>
    public double UpstreamFails { get; init; }

    /// <summary>
    /// One machine with one process at a time, whose tables are embedded: of what goes wrong with the storage, only what is
    /// named after this.
    /// </summary>
    public bool Embedded { get; init; }

    /// <summary>Each commit waits for the disk: a power cut loses none.</summary>
    public bool Synced { get; init; }

    /// <summary>A group commit fails; nothing of it is in the file, or all, or all comes back with the next start.</summary>
    public double CommitFails { get; init; }

    /// <summary>A group commit takes up to eight seconds.</summary>
    public double Stalls { get; init; }

    /// <summary>Spans in which the disk is full.</summary>
    public int FullDisks { get; init; }

    /// <summary>Spans in which another program holds the file.</summary>
    public int LockedSpans { get; init; }

    /// <summary>Cuts of the power, which lose what was written in up to thirty seconds before.</summary>
    public int PowerCuts { get; init; }

    public int CatalogueChanges { get; init; }

    public int TopUps { get; init; }
}
