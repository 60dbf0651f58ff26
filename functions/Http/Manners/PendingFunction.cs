using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Freeway.Functions.Http.Manners;

/// <summary>The function that a request waits for while it walks through the manners.</summary>
internal sealed class PendingFunction(FunctionContext context, FunctionExecutionDelegate next)
{
    public Task RunAsync() => next(context);
}
