using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>What triggered a function, and the context that it runs in.</summary>
internal interface IInvocation
{
    FunctionContext Context { get; }
}
