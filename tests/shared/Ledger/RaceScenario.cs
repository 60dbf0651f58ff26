using Freeway.Gateway.Plans;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>What happens in one race of several processes for the same limits.</summary>
public sealed record RaceScenario(int Seed)
{
    public int Processes { get; init; } = 2;

    /// <summary>Callers of each process, all at once.</summary>
    public int Callers { get; init; } = 12;

    /// <summary>Requests of each caller, one after the other.</summary>
    public int Requests { get; init; } = 3;

    public IReadOnlyList<BoundLimit> Limits { get; init; } = [DailyLimit(10)];

    /// <summary>Limits that cover as far as they reach.</summary>
    public IReadOnlyList<BoundLimit> Gifts { get; init; } = [];

    /// <summary>What pays for the rest.</summary>
    public IReadOnlyList<BoundLimit> Paid { get; init; } = [];

    /// <summary>Of so many end users each request names one; 0 where none is named.</summary>
    public int EndUsers { get; init; }

    /// <summary>How many counters may be begun for end users in a day.</summary>
    public long EndUserRowsPerDay { get; init; } = 1000;

    /// <summary>What one request takes of each limit on requests, at most.</summary>
    public int MostPerRequest { get; init; } = 1;

    /// <summary>What one request is estimated to use in tokens, at most.</summary>
    public int MostTokens { get; init; } = 1;

    /// <summary>How often a request uses up to twice its estimate.</summary>
    public double Overruns { get; init; }

    /// <summary>Purchases while they race, each tried by every process.</summary>
    public int TopUps { get; init; }

    /// <summary>What one purchase is of, in nano-dollars.</summary>
    public long TopUp { get; init; } = 100;

    /// <summary>How often a request carries one of a few Idempotency-Keys.</summary>
    public double Repeats { get; init; }

    public FaultRates Faults { get; init; } = FaultRates.None;

    /// <summary>How often a caller leaves before the answer.</summary>
    public double Cancels { get; init; }

    /// <summary>How often another writer is first.</summary>
    public double Rivals { get; init; }

    /// <summary>How far the clocks are apart, at most.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>Midnight passes while they race.</summary>
    public bool RollsOver { get; init; }

    /// <summary>One process dies while they race, and is recovered beside the others.</summary>
    public bool Kills { get; init; }

    /// <summary>All processes stand still for so long that each takes the others for dead.</summary>
    public bool Freezes { get; init; }

    public TimeSpan LeaseLasts { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a refusal may rest on what others hold.</summary>
    public TimeSpan OpenRefusalAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a refusal may rest on settled use, and so how late a purchase through another process is seen.
    /// </summary>
    public TimeSpan SettledRefusalAge { get; init; } = TimeSpan.FromSeconds(30);

    public static BoundLimit DailyLimit(long amount, string subject = "demo/echo") =>
        new("fastrouter-free.daily", subject, new Limit("daily", LimitUnit.Requests, amount, LimitWindow.Day, LimitScope.OrgModel));

    /// <summary>A limit that each end user has for itself; the race fills in whose it is.</summary>
    public static BoundLimit EndUserLimit(LimitUnit unit, long amount, LimitWindow window = LimitWindow.Day) =>
        new($"app.{unit}-{window}", "", new Limit($"{unit}-{window}", unit, amount, window, LimitScope.EndUser));

    public static BoundLimit MinuteLimit(long amount) =>
        new("fastrouter-free.per-minute", "*", new Limit("per-minute", LimitUnit.Requests, amount, LimitWindow.Minute, LimitScope.Org));

    public static BoundLimit Limit(LimitUnit unit, long amount, LimitWindow window, string? name = null) =>
        new($"plan.{name ?? $"{unit}-{window}"}", "*", new Limit(name ?? $"{unit}-{window}", unit, amount, window, LimitScope.Org));
}
