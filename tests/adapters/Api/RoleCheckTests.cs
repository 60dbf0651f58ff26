using Freeway.Adapters.Api;
using Freeway.Gateway.Api;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Adapters.Tests.Api;

public sealed class RoleCheckTests
{
    private readonly ManualTime _time = new();
    private readonly StopNote _stop = new();
    private readonly MessageLog _log = new();

    [Fact]
    public async Task Start_RolesThatStayAway_EndsWithOneMessageThatNamesThemAll()
    {
        using var check = Check(new ScriptedProbe(Denied("Table Role")), new ScriptedProbe(Denied("Queue Role")));
        await check.StartAsync(CancellationToken.None);
        for (var tries = 1; tries < RoleCheck.Tries; tries++)
        {
            await _time.ArmedAsync(RoleCheck.Pause);
            _time.Advance(RoleCheck.Pause);
        }

        await check.ExecuteTask!;
        _stop.Asked.ShouldBeTrue();
        _log.Messages.Where(message => message.Level is LogLevel.Critical).ShouldHaveSingleItem()
            .Text.ShouldBe("Freeway cannot start: its identity lacks these roles: Table Role on it; Queue Role on it");
    }

    [Fact]
    public async Task Start_RolesThatCome_GoesOn()
    {
        using var check = Check(new ScriptedProbe(Denied("Table Role"), null));
        await check.StartAsync(CancellationToken.None);
        await _time.ArmedAsync(RoleCheck.Pause);
        _time.Advance(RoleCheck.Pause);

        await check.ExecuteTask!;
        _stop.Asked.ShouldBeFalse();
    }

    [Fact]
    public async Task Start_AnOutage_GoesOnAtOnce()
    {
        using var check = Check(new ScriptedProbe(new IOException("no answer")));
        await check.StartAsync(CancellationToken.None);

        await check.ExecuteTask!;
        _stop.Asked.ShouldBeFalse();
    }

    private static RoleMissingException Denied(string role) => new(role, "it", new UnauthorizedAccessException());

    private RoleCheck Check(params IReadinessProbe[] probes) => new(probes, _stop, _time, _log);

    /// <summary>Fails as told, probe by probe, the last time for ever; null is an answer.</summary>
    private sealed class ScriptedProbe(params Exception?[] failures) : IReadinessProbe
    {
        private int _asked;

        public string Name => "scripted";

        public Task ProbeAsync(CancellationToken cancellation) =>
            failures[Math.Min(_asked++, failures.Length - 1)] is { } failure ? Task.FromException(failure) : Task.CompletedTask;
    }

    private sealed class StopNote : IHostApplicationLifetime
    {
        public bool Asked { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Asked = true;
    }

    private sealed class MessageLog : ILogger<RoleCheck>
    {
        public List<(LogLevel Level, string Text)> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add((logLevel, formatter(state, exception)));
    }
}
