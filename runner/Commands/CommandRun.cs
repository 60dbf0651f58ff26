using System.CommandLine;
using Freeway.Functions.Settings;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Runner.Broker.Wire;
using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Local;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Freeway.Runner.Commands;

/// <summary>
/// Runs one command until a signal stops it, and turns what keeps it from running into one clear line.
/// </summary>
internal static class CommandRun
{
    /// <param name="start">Starts what the command runs; it is disposed after the signal.</param>
    /// <returns>The exit code: 0 after an orderly stop, 1 where it could not start.</returns>
    public static async Task<int> UntilStoppedAsync(ParseResult parsed, Func<TextWriter, CancellationToken, Task<IAsyncDisposable>> start)
    {
        var output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output);
        using var signals = new StopSignals();
        try
        {
            await using (await start(output, signals.Stop))
            {
                await signals.WaitAsync();
                output.WriteLine("stopping: finishing what is under way (Ctrl-C again ends at once) …");
            }

            output.WriteLine("stopped");
            return 0;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (IsExpected(e))
        {
            parsed.InvocationConfiguration.Error.WriteLine($"freeway: {e.Message}");
            return 1;
        }
    }

    private static bool IsExpected(Exception e) => e is LocalSetupException or PortTakenException or FunctionBindingException
        or InvalidSettingsException or BrokerPortUnavailableException or InvalidDataException or IOException or UnauthorizedAccessException;
}

/// <summary>The log of a run: what somebody should look at, one line each, on standard error.</summary>
internal static class ConsoleLog
{
    public static void Add(ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.TimestampFormat = "HH:mm:ss ";
        })
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddFilter<ConsoleLoggerProvider>(null, LogLevel.Warning)
        // A rule of a provider goes before the host's own rules, which name none: they have to be said here again.
        // Where its hosting may log at all, the web server makes a span and a scope for each request.
        .AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.Hosting", LogLevel.None)
        .AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);

    /// <summary>
    /// Leaves out that an instance goes on under a new id: a move of the clock looks to it like a machine that slept,
    /// which would be worth a look only where nobody moves the clock.
    /// </summary>
    public static void AddForPlayedTime(ILoggingBuilder logging)
    {
        Add(logging);
        logging
            .AddFilter<ConsoleLoggerProvider>(typeof(InstanceLease).FullName, LogLevel.Error)
            .AddFilter<ConsoleLoggerProvider>(typeof(LedgerRecovery).FullName, LogLevel.Error);
    }
}
