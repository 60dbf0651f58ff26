namespace Freeway.Tests.Simulation.World;

/// <summary>How often what goes wrong in a run, as shares of 1. A seed draws one.</summary>
public sealed record FaultPlan
{
    public static FaultPlan None { get; } = new();

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

    public int Freezes { get; init; }

    /// <summary>How far calendars are apart at most, in seconds, and whether they jump.</summary>
    public double SkewSeconds { get; init; }

    /// <summary>A message is delivered again, or much later.</summary>
    public double MessageDoubled { get; init; }

    /// <summary>A caller leaves before its answer is whole.</summary>
    public double CallerLeaves { get; init; }

    /// <summary>A caller sends the same again under its Idempotency-Key.</summary>
    public double CallerRepeats { get; init; }

    /// <summary>An upstream's attempt goes wrong in one of many ways.</summary>
    public double UpstreamFails { get; init; }

    public int CatalogueChanges { get; init; }

    public int TopUps { get; init; }

    public static FaultPlan Draw(Random chance)
    {
        // Some runs have no faults of a kind: a bug that others hide shows there.
        double Rate(double most) => chance.Next(3) is 0 ? 0 : chance.NextDouble() * most;
        return new FaultPlan
        {
            NeverSent = Rate(0.15),
            AnswerLost = Rate(0.2),
            Late = Rate(0.15),
            Busy = Rate(0.1),
            StorageOutages = chance.Next(4) is 0 ? 1 : 0,
            BrokerOutages = chance.Next(4) is 0 ? 1 : 0,
            SlowSpans = chance.Next(3) is 0 ? 2 : 0,
            Kills = chance.Next(3),
            Freezes = chance.Next(3),
            SkewSeconds = chance.Next(2) is 0 ? 0 : chance.NextDouble() * 10,
            MessageDoubled = Rate(0.2),
            CallerLeaves = Rate(0.15),
            CallerRepeats = Rate(0.4),
            UpstreamFails = Rate(0.4),
            CatalogueChanges = chance.Next(3) is 0 ? 2 : 0,
            TopUps = chance.Next(4),
        };
    }
}
