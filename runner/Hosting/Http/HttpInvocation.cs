using Freeway.Runner.Hosting.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Http;

/// <summary>A request and the context that its function runs in.</summary>
internal readonly record struct HttpInvocation(HttpContext Http, FunctionContext Context) : IInvocation;
