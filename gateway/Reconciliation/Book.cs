namespace Freeway.Gateway.Reconciliation;

/// <summary>What can be counted again from other rows.</summary>
public enum Book
{
    /// <summary>The running sums of a day, from the records of that day.</summary>
    Sums,

    /// <summary>The final sums of a closed day, from the same.</summary>
    ClosedDay,

    /// <summary>A limit's counter, from what records say they took.</summary>
    Counter,

    /// <summary>The account: what was spent, from all sums there ever were; what was bought, from the purchases.</summary>
    Account,
}
