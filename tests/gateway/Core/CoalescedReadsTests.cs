using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Core;

/// <summary>Of 1,000 repeats of one <c>Idempotency-Key</c> 253 were refused, each having a look of its own: R7.</summary>
public sealed class CoalescedReadsTests
{
    private readonly List<TaskCompletionSource<string>> _sent = [];
    private readonly CoalescedReads<string, string> _looks;

    public CoalescedReadsTests() => _looks = new CoalescedReads<string, string>(_ =>
    {
        lock (_sent)
        {
            _sent.Add(new TaskCompletionSource<string>());
            return _sent[^1].Task;
        }
    });

    [Fact]
    public async Task Look_ByManyAtOnce_IsTheFirstOnesAndOneForAllOthers()
    {
        var first = LookAsync();
        await SentAsync(1);
        var others = Enumerable.Range(0, 999).Select(_ => LookAsync()).ToList();

        _sent[0].SetResult("nothing");
        (await first).Dispose();
        await SentAsync(2);
        _sent[1].SetResult("a row");

        foreach (var told in await Task.WhenAll(others))
        {
            told.Value.ShouldBe("a row");
            told.Dispose();
        }

        _sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Look_ThatWasSentAlready_ServesNobodyWhoComesLater()
    {
        var early = LookAsync();
        await SentAsync(1);
        var late = LookAsync();

        // It was read before the late one asked, and misses what was written in between.
        _sent[0].SetResult("before");
        using (var told = await early)
        {
            told.Value.ShouldBe("before");
        }

        await SentAsync(2);
        _sent[1].SetResult("after");
        using var found = await late;
        found.Value.ShouldBe("after");
    }

    [Fact]
    public async Task Look_TheNextOne_WaitsForWhatTheFirstDoesUponIt()
    {
        var first = LookAsync();
        await SentAsync(1);
        var second = LookAsync();
        _sent[0].SetResult("nothing");
        var told = await first;

        lock (_sent)
        {
            _sent.Count.ShouldBe(1, "the first one's row is not written yet");
        }

        told.Dispose();
        told.Dispose();
        await SentAsync(2);
        _sent[1].SetResult("its row");
        (await second).Value.ShouldBe("its row");
    }

    [Fact]
    public async Task Look_OneCallerLeaves_EndsItForNobodyElse()
    {
        using var leaving = new CancellationTokenSource();
        var first = _looks.LookAsync("key", leaving.Token);
        await SentAsync(1);
        var second = _looks.LookAsync("key", leaving.Token);
        var third = LookAsync();

        leaving.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(first);
        await Should.ThrowAsync<OperationCanceledException>(second);
        _sent[0].SetResult("for nobody");
        await SentAsync(2);
        _sent[1].SetResult("for the third");

        (await third).Value.ShouldBe("for the third");
    }

    [Fact]
    public async Task Look_ThatFails_FailsForThoseWhomItServes()
    {
        var first = LookAsync();
        await SentAsync(1);
        var second = LookAsync();

        _sent[0].SetException(new IOException("no answer"));
        await Should.ThrowAsync<IOException>(first);
        await SentAsync(2);
        _sent[1].SetResult("found");

        (await second).Dispose();
        var anew = LookAsync();
        await SentAsync(3);
        _sent[2].SetResult("again");
        (await anew).Value.ShouldBe("again");
    }

    private Task<CoalescedReads<string, string>.Told> LookAsync() => _looks.LookAsync("key", CancellationToken.None);

    /// <summary>Waits until so many looks have been sent.</summary>
    private async Task SentAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!limit.IsCancellationRequested)
        {
            lock (_sent)
            {
                if (_sent.Count >= count)
                {
                    return;
                }
            }

            await Task.Yield();
        }

        throw new TimeoutException($"{count} looks were not sent.");
    }
}
