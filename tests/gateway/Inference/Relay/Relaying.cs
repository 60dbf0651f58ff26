using System.Text;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>A relay at work between an upstream and a caller of the test's, on the test's clock.</summary>
internal sealed class Relaying : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _gone = new();

    public ManualTime Time { get; } = new();

    public RecordingCaller Caller { get; } = new();

    public LiveStream Upstream { get; } = new();

    public RelayOptions Options { get; } = new();

    public Task<RelayResult> Stream(bool hideUsage = false, StreamShape shape = StreamShape.ChatChunks) =>
        new StreamRelay(Microsoft.Extensions.Options.Options.Create(Options), Time).RelayAsync(Upstream, Caller, shape, hideUsage, _gone.Token).WaitAsync(Patience);

    public Task<RelayResult> Json() =>
        new JsonRelay(Microsoft.Extensions.Options.Options.Create(Options), Time).RelayAsync(Upstream, Caller, _gone.Token).WaitAsync(Patience);

    public Task<RelayResult> Bytes() =>
        new BytesRelay(Microsoft.Extensions.Options.Options.Create(Options), Time).RelayAsync(Upstream, Caller, _gone.Token).WaitAsync(Patience);

    public Task CallerLeavesAsync() => _gone.CancelAsync();

    public void Dispose() => _gone.Dispose();

    /// <summary>Relays all of it at once and answers what the caller got.</summary>
    public static async Task<(RelayResult Result, string Sent)> StreamAsync(
        UpstreamStream upstream,
        bool hideUsage = false,
        RelayOptions? options = null,
        Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>>? addendum = null,
        StreamShape shape = StreamShape.ChatChunks)
    {
        var caller = new RecordingCaller();
        var relay = new StreamRelay(new OptionsWrapper<RelayOptions>(options ?? new()), new ManualTime());
        var result = await relay.RelayAsync(upstream, caller, shape, hideUsage, addendum, CancellationToken.None);
        upstream.Closed.ShouldBeTrue();
        return (result, Encoding.UTF8.GetString(caller.Sent));
    }

    public static async Task<(RelayResult Result, string Sent)> JsonAsync(
        UpstreamStream upstream,
        RelayOptions? options = null,
        bool keep = false,
        Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>>? addendum = null,
        bool withholdError = false)
    {
        var caller = new RecordingCaller();
        var relay = new JsonRelay(new OptionsWrapper<RelayOptions>(options ?? new()), new ManualTime());
        var result = await relay.RelayAsync(upstream, caller, keep, withholdError, addendum, CancellationToken.None);
        upstream.Closed.ShouldBeTrue();
        return (result, Encoding.UTF8.GetString(caller.Sent));
    }
}
