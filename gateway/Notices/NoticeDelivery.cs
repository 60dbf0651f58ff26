using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Notices;

/// <summary>
/// Delivers notices that are due. An instance claims a notice before it sends it, by moving on the time of its next try
/// under the row's ETag, so that of several instances one sends it. Who dies in between leaves a notice that is due
/// again in a minute; the receiver knows it by its id.
/// </summary>
public sealed class NoticeDelivery(
    INoticeStore store, Webhooks webhooks, IWebhookClient client, NoticeOptions options, TimeProvider clock, Random random,
    ILogger<NoticeDelivery> logger)
{
    /// <summary>The longest time that a receiver may take to answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The pauses between the tries: eight tries within a day.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
    ];

    private const int AtOnce = 8;
    private const int MostInRound = 200;

    /// <summary>The time for which an instance's claim of a notice lasts: longer than a try can take.</summary>
    private static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(1);

    /// <summary>Delivers all that is due.</summary>
    /// <exception cref="IOException">The store is out of reach; what is due stays due.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await store.DueAsync(clock.GetUtcNow(), MostInRound, cancellation) is { Count: > 0 } due)
        {
            await SideBySide.ForEachAsync(due, AtOnce, DeliverAsync, cancellation);
        }
    }

    /// <summary>Sends a notice that is not kept, e.g. a test, and tells how the receiver answered.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<WebhookResponse> SendAsync(
        Webhook webhook, string id, string body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        if (WebhookUrl.Fault(webhook.Url, options) is { } fault)
        {
            // The settings may have changed since the webhook was made.
            return new WebhookResponse(null, $"its address {fault}");
        }

        var now = clock.GetUtcNow();
        using var late = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            var headers = WebhookSignature.Headers(id, body, webhook.Secrets(now), now);
            return await client.PostAsync(new Uri(webhook.Url), headers, body, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WebhookResponse(null, $"not within {Longest.TotalSeconds:0} seconds");
        }
    }

    private async Task DeliverAsync(Notice notice, CancellationToken cancellation)
    {
        var claim = notice with { Attempts = notice.Attempts + 1, NextAt = clock.GetUtcNow() + ClaimLasts, Error = null };
        var claimed = await store.ChangeAsync(claim, cancellation);
        if (claimed is null)
        {
            return;
        }

        var webhook = await webhooks.FindAsync(notice.Target, cancellation);
        if (webhook is null or { Disabled: true })
        {
            await EndAsync(claimed, NoticeStatus.Failed, "The webhook was disabled or taken away.", cancellation);
            return;
        }

        var response = await SendAsync(webhook, claimed.Id, claimed.Body, cancellation);
        if (response.IsAccepted)
        {
            await EndAsync(claimed, NoticeStatus.Delivered, null, cancellation);
        }
        else if (response.IsGone || claimed.Attempts > Pauses.Count)
        {
            NoticeLog.Failed(logger, claimed.Id, claimed.Attempts, response.Problem!);
            await EndAsync(claimed, NoticeStatus.Failed, response.Problem, cancellation);
        }
        else
        {
            var pause = Pauses[claimed.Attempts - 1] * (0.9 + (random.NextDouble() / 5));
            await store.ChangeAsync(
                claimed with { NextAt = clock.GetUtcNow() + pause, Error = response.Problem }, cancellation);
        }
    }

    private Task<Notice?> EndAsync(Notice notice, NoticeStatus status, string? error, CancellationToken cancellation) =>
        store.ChangeAsync(
            notice with { Status = status, NextAt = null, EndedAt = clock.GetUtcNow(), Error = error }, cancellation);
}

internal static partial class NoticeLog
{
    [LoggerMessage(2501, LogLevel.Warning, "Notice {Notice} was given up after {Attempts} tries: {Problem}")]
    public static partial void Failed(ILogger logger, string notice, int attempts, string problem);
}
