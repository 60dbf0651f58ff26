namespace Freeway.Gateway.Reconciliation;

/// <summary>How the books are compared.</summary>
public sealed class ReconciliationOptions
{
    /// <summary>How many orgs are compared at once.</summary>
    public int OrgsAtOnce { get; set; } = 4;

    /// <summary>How many orgs' ledgers are looked at before the queue is waited for.</summary>
    public int OrgsTogether { get; set; } = 100;

    /// <summary>How long a run waits until the records that were in the queue have come in.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it looks whether they have.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How far the broker's clock may be from ours.</summary>
    public TimeSpan BrokerSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How much earlier than its window a record's time may be: a request is admitted some seconds after it has come, and by the latest clock of all instances.</summary>
    public TimeSpan AdmissionSkew { get; set; } = TimeSpan.FromHours(1);
}
