using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>Stands before the gateway's doors and notes what arrives and how it is answered, by the caller's key.</summary>
internal sealed class RequestLog : IStartupFilter
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _statuses = new();

    /// <summary>The statuses of all answers so far.</summary>
    public IReadOnlyList<int> Of(string secret) => [.. Statuses($"Bearer {secret}")];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            http.Response.OnStarting(() =>
            {
                var key = http.Request.Headers["x-api-key"].ToString();
                Statuses(key is "" ? http.Request.Headers.Authorization.ToString() : $"Bearer {key}").Enqueue(http.Response.StatusCode);
                return Task.CompletedTask;
            });
            return rest();
        });
        next(app);
    };

    private ConcurrentQueue<int> Statuses(string authorization) => _statuses.GetOrAdd(authorization, _ => new());
}
