namespace Freeway.Gateway.Core;

/// <summary>
/// Reports something that a person has to see to while the gateway serves on. Every module can bring its own:
/// registered as a singleton of this type it is shown by <c>/health/ready</c>, measured and logged.
/// </summary>
public interface IAlarm
{
    /// <summary>
    /// The alarm's name in snake case, e.g. <c>dead_letters</c>. It is a dimension of <c>freeway.alarm</c>, so there is
    /// one for each alarm and no more.
    /// </summary>
    string Name { get; }

    /// <summary>Gets one sentence that says what a person is to do about the alarm.</summary>
    string Remedy { get; }

    /// <summary>Checks once. It is called once a minute at most, whoever asks, and has five seconds.</summary>
    /// <returns>Null where all is well.</returns>
    /// <exception cref="IOException">It cannot be checked now; the alarm then stays as it was.</exception>
    Task<AlarmStatus?> LookAsync(CancellationToken cancellation);
}

/// <summary>Describes the state of an alarm that is on: since when, and how bad it is.</summary>
/// <param name="Since">Since when; null for since it was first seen.</param>
/// <param name="Detail">How bad it is, for everybody to read: no org, no key, no text of a request.</param>
public sealed record AlarmStatus(DateTimeOffset? Since, string Detail);
