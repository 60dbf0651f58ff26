using Freeway.Gateway.Core;

namespace Freeway.Gateway.Notices;

/// <summary>Names the events that notices tell of.</summary>
public enum NoticeType
{
    /// <summary>A limit has been used to 50, 80 or 100 percent.</summary>
    [WireName("limit.reached")]
    LimitReached,

    /// <summary>A gift has been used to 50, 80 or 100 percent: what goes beyond it is billed.</summary>
    [WireName("gift.reached")]
    GiftReached,

    /// <summary>A monthly ceiling on spending has been reached to 50, 80 or 100 percent.</summary>
    [WireName("ceiling.reached")]
    CeilingReached,

    /// <summary>An organisation has little credit left.</summary>
    [WireName("credit.low")]
    CreditLow,

    /// <summary>A model can no longer be called with <c>:free</c>.</summary>
    [WireName("model.free_ended")]
    ModelFreeEnded,

    /// <summary>An upstream's key, or one model of it, said 429 and is left alone for a while.</summary>
    [WireName("upstream.parked")]
    UpstreamParked,

    /// <summary>A limit of an upstream's key has been used to 80 or 100 percent.</summary>
    [WireName("upstream.nearly_spent")]
    UpstreamNearlySpent,

    /// <summary>An alarm of <c>/health/ready</c> is on.</summary>
    [WireName("alarm.raised")]
    AlarmRaised,

    /// <summary>A test that somebody asked for; it is sent once and not kept.</summary>
    [WireName("webhook.test")]
    WebhookTest,
}

/// <summary>The types of notices that a webhook can choose from.</summary>
public static class NoticeTypes
{
    /// <summary>Types that a deployment's webhook can be told of: all but tests, which go to whom they are for.</summary>
    public static WireNames<NoticeType> Deployment { get; } = WireNames.Of<NoticeType>().Except(NoticeType.WebhookTest);

    /// <summary>Types that an organisation's webhook can be told of: those about itself and its models.</summary>
    public static WireNames<NoticeType> Org { get; } = WireNames.Of<NoticeType>().Only(
        NoticeType.LimitReached, NoticeType.GiftReached, NoticeType.CeilingReached, NoticeType.CreditLow,
        NoticeType.ModelFreeEnded);
}
