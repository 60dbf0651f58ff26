namespace Freeway.Gateway.Core;

/// <summary>
/// Serializes the work of many callers: they add items, and one loop works off whatever has come meanwhile.
/// <code>
///   callers ──► waiting items ──► [ round ] ──► answers
///                     ▲               │
///                     └── meanwhile ──┘   the next round while there is work, then the loop ends
/// </code>
/// The first item starts the loop and the last one ends it, so an idle queue costs no task. A round that throws does
/// not end the loop: <see cref="OnRoundFailedAsync"/> answers for its items, and the next round goes on with the rest.
/// </summary>
public abstract class SingleWriterQueue<T>
{
    private readonly List<T> _waiting = [];
    private Task _loop = Task.CompletedTask;
    private bool _isRunning;
    private bool _isClosed;

    /// <summary>Completes once no item waits and no round runs.</summary>
    public Task Idle
    {
        get
        {
            lock (Gate)
            {
                return _loop;
            }
        }
    }

    /// <summary>Guards the waiting items, and whatever else the loop shares with its callers.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>
    /// The items that no round has taken yet, oldest first. Read it only while holding <see cref="Gate"/>.
    /// </summary>
    protected IReadOnlyList<T> Waiting => _waiting;

    /// <summary>
    /// Gets whether there is work apart from the waiting items. It is read while <see cref="Gate"/> is held.
    /// </summary>
    protected virtual bool HasOtherWork => false;

    /// <summary>Adds an item and starts the loop where it does not run. False once the queue is closed.</summary>
    protected bool TryAdd(T item)
    {
        lock (Gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _waiting.Add(item);
            StartLoop();
            return true;
        }
    }

    /// <summary>Starts the loop where it does not run. Call it only where there is work.</summary>
    protected void StartLoop()
    {
        lock (Gate)
        {
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;

            // The loop serves many callers, so it must not carry the trace of the one who happens to start it.
            using (ExecutionContext.SuppressFlow())
            {
                _loop = RunAsync();
            }
        }
    }

    /// <summary>
    /// Closes the queue where it is idle. True where it is closed now: <see cref="TryAdd"/> then refuses.
    /// </summary>
    protected bool TryClose()
    {
        lock (Gate)
        {
            _isClosed |= !_isRunning;
            return _isClosed;
        }
    }

    /// <summary>Takes items from the front for as long as they fit.</summary>
    protected List<T> Dequeue(Func<T, bool> fits)
    {
        lock (Gate)
        {
            var count = 0;
            while (count < _waiting.Count && fits(_waiting[count]))
            {
                count++;
            }

            var taken = _waiting.GetRange(0, count);
            _waiting.RemoveRange(0, count);
            return taken;
        }
    }

    /// <summary>Takes one item out, wherever it stands.</summary>
    protected void Remove(T item)
    {
        lock (Gate)
        {
            _waiting.Remove(item);
        }
    }

    /// <summary>
    /// Works off some of what waits. No other round runs meanwhile, and <see cref="Gate"/> is not held.
    /// </summary>
    protected abstract Task RunRoundAsync();

    /// <summary>Answers for the items of a round that threw. It must not throw itself.</summary>
    protected abstract Task OnRoundFailedAsync(Exception error);

    private async Task RunAsync()
    {
        // Whoever starts the loop holds the gate: the first round waits until it is free.
        await Task.Yield();
        do
        {
            try
            {
                await RunRoundAsync();
            }
            catch (Exception error)
            {
                await OnRoundFailedAsync(error);
            }
        }
        while (HasMoreWork());
    }

    /// <summary>
    /// Decides under the gate whether the loop goes on, so that no item is added to a loop that has just ended.
    /// </summary>
    private bool HasMoreWork()
    {
        lock (Gate)
        {
            return _isRunning = _waiting.Count > 0 || HasOtherWork;
        }
    }
}
