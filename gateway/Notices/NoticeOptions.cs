namespace Freeway.Gateway.Notices;

/// <summary>Configures where notices may be sent, and for how long they are kept.</summary>
public sealed class NoticeOptions
{
    /// <summary>
    /// Lets webhooks have private addresses, and loopback ones by http. Only for receivers of the operator's own.
    /// </summary>
    public bool AllowPrivateReceivers { get; set; }

    /// <summary>The number of days that notices are kept, delivered or not. 7 to 400.</summary>
    public int KeepDays { get; set; } = 90;
}
