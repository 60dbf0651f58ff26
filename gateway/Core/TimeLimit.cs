namespace Freeway.Gateway.Core;

/// <summary>
/// Holds a token that fires after a time, or with another token: one source, where a timed one that is linked to the
/// other would be two.
/// </summary>
public sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _link;

    /// <param name="time">Counts from now.</param>
    /// <param name="clock">Counts the time.</param>
    /// <param name="other">Fires this token, too.</param>
    public TimeLimit(TimeSpan time, TimeProvider clock, CancellationToken other)
    {
        _source = new CancellationTokenSource(time, clock);
        _link = other.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Gets the token. It fires no more once this is disposed of.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Gets whether the time is over, or the other token has fired.</summary>
    public bool IsOver => _source.IsCancellationRequested;

    public void Dispose()
    {
        _link.Dispose();
        _source.Dispose();
    }
}
