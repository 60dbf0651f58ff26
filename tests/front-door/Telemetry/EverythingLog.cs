using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Freeway.FrontDoor.Tests.Telemetry;

/// <summary>Keeps all that is logged, as a console or a log store would write it: text, values, exceptions and scopes.</summary>
public sealed class EverythingLog : ILoggerProvider, ISupportExternalScope, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider? _scopes;

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = new List<string> { formatter(state, exception), $"{exception}" };
        line.AddRange((state as IEnumerable<KeyValuePair<string, object?>> ?? []).Select(value => $"{value.Key}={value.Value}"));
        // Of scopes our own: the web server's holds the path as it was asked for, and no console or exporter here writes it.
        _scopes?.ForEachScope((scope, all) => all.Add(scope is IEnumerable<KeyValuePair<string, object?>> values && scope.GetType().Namespace!.StartsWith("Freeway", StringComparison.Ordinal)
            ? string.Join(' ', values) : ""), line);
        _lines.Enqueue(string.Join(" | ", line));
    }

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }
}
