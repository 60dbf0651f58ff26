using System.Net.Sockets;

namespace Freeway.Bench.Load;

/// <summary>
/// Sends one request again and again over some connections, the next one when the last is answered, until its time is
/// over. Any answer of another status ends it with an exception: a figure of failures is none.
/// </summary>
internal static class LoadRun
{
    /// <summary>
    /// Sends so many requests a second, each at its own moment. A request that has to wait, because all before it on its
    /// connection are not answered yet, counts from its moment on, so that a stop of the server is seen by all that it
    /// meets.
    /// </summary>
    public static async Task<LoadResult> PacedAsync(
        LoadRequest request, int connections, double perSecond, TimeSpan duration, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        var every = TimeSpan.FromSeconds(connections / perSecond);
        var callers = Enumerable.Range(0, connections).Select(CallAsync).ToList();
        var samples = (await Task.WhenAll(callers)).SelectMany(caller => caller).ToList();
        return LoadResult.Of(samples, clock.GetElapsedTime(began));

        async Task<List<LoadSample>> CallAsync(int index)
        {
            var found = new List<LoadSample>();
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(request.Target.Host, request.Target.Port);
            var reader = new HttpResponseReader(socket, clock);
            for (var due = TimeSpan.FromSeconds(index / perSecond); due < duration; due += every)
            {
                var waits = due - clock.GetElapsedTime(began);
                if (waits > TimeSpan.Zero)
                {
                    await Task.Delay(waits, clock);
                }

                // How late a timer wakes is the load generator's own; how long the connection was busy is not.
                var late = waits < TimeSpan.Zero ? -waits : TimeSpan.Zero;
                var sent = clock.GetTimestamp();
                await socket.SendAsync(request.Bytes, SocketFlags.None);
                var reply = await reader.ReadAsync();
                if (reply.Status != request.Status)
                {
                    throw new InvalidOperationException($"{request.Target} answered {reply.Status} instead of {request.Status}.");
                }

                found.Add(new LoadSample(
                    late + clock.GetElapsedTime(sent), late + clock.GetElapsedTime(sent, reply.FirstByteAt)));
            }

            return found;
        }
    }

    public static async Task<LoadResult> RunAsync(
        LoadRequest request, int connections, TimeSpan duration, TimeProvider clock, int most = int.MaxValue)
    {
        var began = clock.GetTimestamp();
        var left = most;
        var callers = Enumerable.Range(0, connections).Select(_ => CallAsync()).ToList();
        var samples = (await Task.WhenAll(callers)).SelectMany(caller => caller).ToList();
        return LoadResult.Of(samples, clock.GetElapsedTime(began));

        async Task<List<LoadSample>> CallAsync()
        {
            var found = new List<LoadSample>();
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(request.Target.Host, request.Target.Port);
            var reader = new HttpResponseReader(socket, clock);
            while (clock.GetElapsedTime(began) < duration && Interlocked.Decrement(ref left) >= 0)
            {
                var sent = clock.GetTimestamp();
                await socket.SendAsync(request.Bytes, SocketFlags.None);
                var reply = await reader.ReadAsync();
                if (reply.Status != request.Status)
                {
                    throw new InvalidOperationException($"{request.Target} answered {reply.Status} instead of {request.Status}.");
                }

                found.Add(new LoadSample(clock.GetElapsedTime(sent), clock.GetElapsedTime(sent, reply.FirstByteAt)));
            }

            return found;
        }
    }
}

/// <summary>Holds the times of one answer, both from the moment at which the request was sent.</summary>
internal readonly record struct LoadSample(TimeSpan Whole, TimeSpan FirstByte);

/// <summary>Sums up one run of a load.</summary>
/// <param name="Count">How many requests were answered.</param>
/// <param name="FirstByte">The median time to the body's first byte.</param>
internal sealed record LoadResult(int Count, double PerSecond, TimeSpan P50, TimeSpan P99, TimeSpan FirstByte)
{
    public static LoadResult Of(List<LoadSample> samples, TimeSpan took)
    {
        var whole = samples.Select(sample => sample.Whole).Order().ToList();
        var first = samples.Select(sample => sample.FirstByte).Order().ToList();
        return new LoadResult(
            whole.Count, whole.Count / took.TotalSeconds, At(whole, 0.5), At(whole, 0.99), At(first, 0.5));
    }

    private static TimeSpan At(List<TimeSpan> sorted, double share) =>
        sorted.Count is 0 ? TimeSpan.Zero : sorted[(int)((sorted.Count - 1) * share)];
}
