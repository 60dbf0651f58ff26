using Freeway.Runner.Hosting.Functions;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Timers;

/// <summary>One firing of a timer.</summary>
internal readonly record struct TimerInvocation(TimerInfo Timer, FunctionContext Context) : IInvocation;
