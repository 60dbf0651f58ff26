using System.Collections.Concurrent;
using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Freeway.Adapters.Upstreams;

/// <summary>Polly's circuit breaker, one per upstream key.</summary>
public sealed class PollyBreakers(BreakerOptions options, TimeProvider clock, ILogger<PollyBreakers> logger) : IUpstreamBreakers
{
    private readonly ConcurrentDictionary<string, Breaker> _breakers = new(StringComparer.Ordinal);

    public async Task<T> RunAsync<T>(string key, Func<Task<T>> call, Func<T, bool> failed)
    {
        var breaker = Of(key);
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false);
        try
        {
            var outcome = await breaker.Pipeline.ExecuteOutcomeAsync(
                static async (_, state) =>
                {
                    try
                    {
                        var result = await state.call().ConfigureAwait(false);
                        return Outcome.FromResult(new Ending(result, state.failed(result)));
                    }
                    catch (Exception error)
                    {
                        return Outcome.FromException<Ending>(error);
                    }
                },
                context,
                (call, failed)).ConfigureAwait(false);
            if (outcome.Exception is BrokenCircuitException broken)
            {
                throw new UpstreamBrokenException(broken);
            }

            outcome.ThrowIfException();
            return (T)outcome.Result.Value!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public BreakerState StateOf(string key, out DateTimeOffset? until)
    {
        var breaker = Of(key);
        until = breaker.Until;
        return breaker.State.CircuitState switch
        {
            CircuitState.Closed => BreakerState.Closed,
            CircuitState.HalfOpen => BreakerState.HalfOpen,
            _ => BreakerState.Open,
        };
    }

    private Breaker Of(string key) => _breakers.GetOrAdd(key, static (key, all) => all.New(key), this);

    private Breaker New(string key)
    {
        var breaker = new Breaker(clock);
        var strategy = new CircuitBreakerStrategyOptions<Ending>
        {
            FailureRatio = options.FailureRatio,
            MinimumThroughput = options.LeastCalls,
            SamplingDuration = options.Sampling,
            BreakDurationGenerator = args => ValueTask.FromResult(Break(args.HalfOpenAttempts)),
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is null ? args.Outcome.Result.Failed : args.Outcome.Exception is UpstreamUnreachableException or TimeoutException),
            StateProvider = breaker.State,
            OnOpened = args =>
            {
                breaker.OpenUntil(clock.GetUtcNow() + args.BreakDuration);
                BreakerLog.Opened(logger, key, args.BreakDuration);
                return default;
            },
            OnClosed = _ =>
            {
                BreakerLog.Closed(logger, key);
                return default;
            },
        };
        breaker.Pipeline = new ResiliencePipelineBuilder<Ending> { TimeProvider = clock }.AddCircuitBreaker(strategy).Build();
        return breaker;
    }

    private TimeSpan Break(int times) => TimeSpan.FromTicks(Math.Min(options.LongestBreak.Ticks, options.Break.Ticks << Math.Min(times, 16)));

    private readonly record struct Ending(object? Value, bool Failed);

    private sealed class Breaker(TimeProvider clock)
    {
        private long _until;

        public CircuitBreakerStateProvider State { get; } = new();

        public ResiliencePipeline<Ending> Pipeline { get; set; } = ResiliencePipeline<Ending>.Empty;

        public DateTimeOffset? Until => State.CircuitState is CircuitState.Open or CircuitState.Isolated
            && new DateTimeOffset(Volatile.Read(ref _until), TimeSpan.Zero) is var until && until > clock.GetUtcNow() ? until : null;

        public void OpenUntil(DateTimeOffset until) => Volatile.Write(ref _until, until.UtcTicks);
    }
}

internal static partial class BreakerLog
{
    [LoggerMessage(5101, LogLevel.Warning, "{Upstream} failed too often and is left alone for {Time}")]
    public static partial void Opened(ILogger logger, string upstream, TimeSpan time);

    [LoggerMessage(5102, LogLevel.Information, "{Upstream} is well again")]
    public static partial void Closed(ILogger logger, string upstream);
}
