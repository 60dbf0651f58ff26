namespace Freeway.Tests.Simulation.Scheduling;

/// <summary>One thing that can happen next.</summary>
/// <param name="Owner">The process in which it happens: a killed one drops its steps, a frozen one keeps them.</param>
/// <param name="IsEvent">
/// Whether it comes from outside of the code (a timer, an answer): it then runs without a synchronization context, so that
/// what the framework awaits with <c>ConfigureAwait(false)</c> goes on here and not in the thread pool.
/// </param>
public readonly record struct Step(SimProcess Owner, Action Run, bool IsEvent);
