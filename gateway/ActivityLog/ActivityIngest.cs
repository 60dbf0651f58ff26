using System.Text.Json;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Brings records from the queue into the table. A message is completed once its record is stored, put aside with a
/// reason if it can never be, and held while storage is out of reach, for as long as
/// <see cref="ActivityIngestOptions.Patience"/> says; then it goes back. One org that cannot be written holds up no
/// other.
/// </summary>
public sealed class ActivityIngest(
    IActivityStore store, TimeProvider clock, ActivityIngestOptions options, ILogger<ActivityIngest> logger,
    IEnumerable<IRecordListener>? listeners = null)
{
    /// <summary>The message holds no activity record.</summary>
    public const string Unreadable = "UnreadableRecord";

    /// <summary>The record is one, and the store will never take it.</summary>
    public const string Unstorable = "UnstorableRecord";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan GivingBack = TimeSpan.FromSeconds(5);

    /// <summary>Settles every delivery one way or another before it ends.</summary>
    public async Task RunAsync(IReadOnlyList<IActivityDelivery> deliveries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        var incoming = deliveries.Select(delivery => new IncomingMessage(delivery)).ToList();
        using var deadline = new CancellationTokenSource(options.Patience, clock);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var renewal = RenewAsync(incoming, done.Token);
        try
        {
            var read = new List<(IncomingMessage Message, ActivityRecord Record)>();
            foreach (var message in incoming)
            {
                Read(message, read);
                await EndAsync(message, cancellation);
            }

            await SideBySide.ForEachAsync(
                read.GroupBy(pair => pair.Record.Org, StringComparer.Ordinal),
                options.Orgs,
                (org, token) => WriteAsync(org.Key, [.. org], deadline.Token, token),
                cancellation);
        }
        finally
        {
            done.Cancel();
            await renewal;
            await GiveBackAsync(incoming.Where(message => !message.IsSettled).Select(message => message.Delivery));
        }
    }

    /// <summary>Reads the records of a message: one that cannot be read does not keep back those beside it.</summary>
    private static void Read(IncomingMessage message, List<(IncomingMessage Message, ActivityRecord Record)> read)
    {
        try
        {
            foreach (var record in ActivityJson.Split(message.Delivery.Body))
            {
                try
                {
                    read.Add((message, ActivityJson.Read(record.Span)));
                    message.Left++;
                }
                catch (JsonException unreadable)
                {
                    message.Refuse(Unreadable, Place(unreadable));
                }
            }
        }
        catch (JsonException unreadable)
        {
            message.Refuse(Unreadable, Place(unreadable));
        }
    }

    /// <summary>Says where a message cannot be read, without any of its content, which may be anything.</summary>
    private static string Place(JsonException unreadable) => unreadable.BytePositionInLine is { } at
        ? $"It is not the JSON of an activity record: line {unreadable.LineNumber + 1}, byte {at + 1}."
        : unreadable.Message;

    private async Task WriteAsync(
        string org,
        (IncomingMessage Message, ActivityRecord Record)[] pairs,
        CancellationToken deadline,
        CancellationToken cancellation)
    {
        var records = Array.ConvertAll(pairs, pair => pair.Record);
        using var spans = new IngestTracing(records);
        if (await AppendAsync(org, records, deadline, cancellation) is not { } refusals)
        {
            return;
        }

        spans.Written(refusals);
        var reasons = refusals.DistinctBy(refused => refused.Record.Id).ToDictionary(refused => refused.Record.Id, refused => refused.Reason);
        foreach (var (message, record) in pairs)
        {
            if (reasons.TryGetValue(record.Id, out var reason))
            {
                message.Refuse(Unstorable, message.IsGroup ? $"{record.Id}: {reason}" : reason);
            }
        }

        // A message ends with the last of its records, whichever org that is of.
        var ending = pairs.GroupBy(pair => pair.Message)
            .Where(group => Interlocked.Add(ref group.Key.Left, -group.Count()) is 0).Select(group => group.Key);
        await Task.WhenAll(ending.ToList().Select(message => EndAsync(message, cancellation)));
    }

    /// <summary>
    /// Completes a message none of whose records is left to write. Where one can never be written it is put aside with
    /// the reasons: sent again, what is stored of it stays as it is.
    /// </summary>
    private async Task EndAsync(IncomingMessage message, CancellationToken cancellation)
    {
        var delivery = message.Delivery;
        if (message.Left > 0)
        {
            return;
        }

        if (message.Refused is not { } refused)
        {
            await SettleAsync(message, delivery.CompleteAsync, cancellation);
            return;
        }

        if (refused.Reason is Unreadable)
        {
            QueueMetrics.Handled("put_aside", 1);
        }

        ActivityLogMessages.RecordRefused(logger, delivery.Id, refused.Reason, refused.Description);
        await SettleAsync(
            message, token => delivery.RefuseAsync(refused.Reason, refused.Description, token), cancellation);
    }

    /// <returns>Null where patience ended first.</returns>
    private async Task<IReadOnlyList<RefusedRecord>?> AppendAsync(
        string org, ActivityRecord[] records, CancellationToken deadline, CancellationToken cancellation)
    {
        for (var pause = Bounded(FirstPause); ; pause = Bounded(pause * 2))
        {
            try
            {
                // Before the records are stored: whoever sees a record finds what was to be done for it.
                foreach (var listener in listeners ?? [])
                {
                    await listener.ReceivedAsync(records, cancellation);
                }

                return await store.AppendAsync(org, records, cancellation);
            }
            catch (IOException outage) when (!deadline.IsCancellationRequested)
            {
                ActivityLogMessages.StoreUnavailable(logger, org, records.Length, outage.Message);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellation);
                await Task.Delay(pause, clock, either.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                cancellation.ThrowIfCancellationRequested();
            }
            catch (IOException outage)
            {
                ActivityLogMessages.RecordsGoBack(logger, org, records.Length, outage.Message);
                return null;
            }
        }
    }

    private TimeSpan Bounded(TimeSpan pause) => pause < options.LongestPause ? pause : options.LongestPause;

    /// <summary>A settlement that fails is no loss: the message comes again, and its record is there already.</summary>
    private async Task SettleAsync(
        IncomingMessage message, Func<CancellationToken, Task> settle, CancellationToken cancellation)
    {
        message.IsSettled = true;
        try
        {
            await settle(cancellation);
        }
        catch (IOException lost)
        {
            ActivityLogMessages.NotSettled(logger, message.Delivery.Id, lost.Message);
        }
    }

    private async Task RenewAsync(IReadOnlyList<IncomingMessage> messages, CancellationToken done)
    {
        try
        {
            while (true)
            {
                // The end of each batch ends this wait: an exception for it would cost as much as some requests.
                await Task.Delay(options.RenewEvery, clock, done)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                if (done.IsCancellationRequested)
                {
                    return;
                }

                await Task.WhenAll(messages.Where(message => !message.IsSettled).Select(async message =>
                {
                    try
                    {
                        await message.Delivery.RenewAsync(done);
                    }
                    catch (IOException lost)
                    {
                        // Writing without the lock is still right; at worst another delivery finds the record there.
                        ActivityLogMessages.NotSettled(logger, message.Delivery.Id, lost.Message);
                    }
                }));
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing is left to renew.
        }
    }

    /// <summary>
    /// Outlives the invocation's own token: a host that shuts down is when messages should go back at once.
    /// </summary>
    private async Task GiveBackAsync(IEnumerable<IActivityDelivery> left)
    {
        using var limit = new CancellationTokenSource(GivingBack, clock);
        await Task.WhenAll(left.Select(async delivery =>
        {
            try
            {
                await delivery.ReturnAsync(limit.Token);
            }
            catch (Exception lost) when (lost is IOException or OperationCanceledException)
            {
                ActivityLogMessages.NotSettled(logger, delivery.Id, lost.Message);
            }
        }));
    }

    /// <summary>A message, and how many of its records are left to write.</summary>
    private sealed class IncomingMessage(IActivityDelivery delivery)
    {
        private readonly Lock _gate = new();
        private volatile bool _isSettled;

        /// <summary>The records that are neither stored nor refused. Orgs are written side by side.</summary>
        public int Left;

        public IActivityDelivery Delivery => delivery;

        public bool IsGroup { get; } = ActivityJson.IsGroup(delivery.Body.Span);

        public bool IsSettled
        {
            get => _isSettled;
            set => _isSettled = value;
        }

        /// <summary>Why at least one record can never be written; null where all can.</summary>
        public (string Reason, string Description)? Refused { get; private set; }

        public void Refuse(string reason, string description)
        {
            lock (_gate)
            {
                Refused = Refused is { } before
                    ? (before.Reason, $"{before.Description} {description}")
                    : (reason, description);
            }
        }
    }
}

/// <summary>
/// Acts on records as they come off the queue, e.g. keeps notices. A message is completed only after all listeners have
/// acted, so each record is shown at least once, and after a crash or an outage again: what is done must be done once
/// for its id.
/// </summary>
public interface IRecordListener
{
    /// <param name="records">Records of one organisation, those included that were stored before.</param>
    /// <exception cref="IOException">Storage is out of reach: the records are shown again.</exception>
    Task ReceivedAsync(IReadOnlyList<ActivityRecord> records, CancellationToken cancellation);
}

/// <summary>
/// One message off the queue, locked for us until it is settled or the lock (a minute) runs out; then it comes again.
/// All methods throw <see cref="IOException"/> where the broker is out of reach or the lock is lost.
/// </summary>
public interface IActivityDelivery
{
    /// <summary>The request's id, or that of a group of records, unless the message is not ours.</summary>
    string Id { get; }

    /// <summary>One record, or a group of them: see <see cref="ActivityJson.Group"/>.</summary>
    ReadOnlyMemory<byte> Body { get; }

    /// <summary>Has the broker forget the message, because its record is in the table.</summary>
    Task CompleteAsync(CancellationToken cancellation);

    /// <summary>
    /// Has the broker put the message aside for a person, with the reason, because its record can never be written.
    /// </summary>
    /// <param name="reason">A name, for rules.</param>
    /// <param name="description">A sentence, for people; never a prompt or a secret.</param>
    Task RefuseAsync(string reason, string description, CancellationToken cancellation);

    /// <summary>Starts the lock's time anew.</summary>
    Task RenewAsync(CancellationToken cancellation);

    /// <summary>
    /// Gives the message back because its record could not be written now; the broker delivers it again, ten times at
    /// most.
    /// </summary>
    Task ReturnAsync(CancellationToken cancellation);
}

/// <summary>
/// Configures how long records off the queue wait for storage. The defaults suit a lock of one minute and ten
/// deliveries.
/// </summary>
public sealed class ActivityIngestOptions
{
    /// <summary>
    /// The longest time that one delivery is held while storage is out of reach, before the messages are given back. It
    /// must end within the host's <c>functionTimeout</c> (ten minutes). Ten deliveries of eight minutes outlast an
    /// outage of more than an hour; after that the broker's dead-letter queue still has the records.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(8);

    /// <summary>
    /// The time between two renewals of the locks of waiting messages: well within the lock's minute.
    /// </summary>
    public TimeSpan RenewEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest pause between two tries.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of orgs that are written at once.</summary>
    public int Orgs { get; set; } = 8;
}
