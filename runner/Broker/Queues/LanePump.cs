using System.Collections.Immutable;
using System.Threading.Channels;
using Freeway.Runner.Broker.Messages;

namespace Freeway.Runner.Broker.Queues;

/// <summary>
/// Feeds the receivers of one lane in turn, from one loop that sleeps while there is nothing to do. It takes each
/// message under the queue's lock and sends it outside: a slow receiver holds up nobody who sends or settles.
/// </summary>
internal sealed class LanePump(BrokerQueue queue, Lane lane)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private ImmutableArray<IFeed> _feeds = [];
    private uint _turn;

    public void Attach(IFeed feed)
    {
        ImmutableInterlocked.Update(ref _feeds, feeds => feeds.Add(feed));
        Wake();
    }

    public void Detach(IFeed feed) => ImmutableInterlocked.Update(ref _feeds, feeds => feeds.Remove(feed));

    public void Wake() => _wake.Writer.TryWrite(true);

    public void Stop() => _wake.Writer.TryComplete();

    public async Task RunAsync()
    {
        while (await _wake.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _wake.Reader.TryRead(out _);
            while (NextFeed() is { } feed && queue.TryTake(lane, out var delivery))
            {
                Send(feed, delivery);
            }
        }
    }

    private void Send(IFeed feed, in MessageView delivery)
    {
        var sent = false;
        try
        {
            sent = feed.TrySend(delivery);
        }
        catch (Exception exception)
        {
            // One receiver's broken connection must not end the pump for all.
            queue.ReportDeliveryFailure(exception);
            Detach(feed);
        }

        if (!sent)
        {
            queue.Release(delivery.LockToken);
        }
    }

    private IFeed? NextFeed()
    {
        var feeds = _feeds;
        for (var i = 0; i < feeds.Length; i++)
        {
            var feed = feeds[(int)(++_turn % (uint)feeds.Length)];
            if (feed.HasCredit)
            {
                return feed;
            }
        }

        return null;
    }
}

/// <summary>A receiver that is fed from a lane.</summary>
internal interface IFeed
{
    /// <summary>Gets whether the receiver wants a message now.</summary>
    bool HasCredit { get; }

    /// <summary>
    /// Sends a message and returns true, or returns false where the receiver no longer wanted it: then nobody has seen
    /// it.
    /// </summary>
    bool TrySend(in MessageView delivery);
}
