using Freeway.Gateway.Api;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Adapters.Api;

/// <summary>
/// Ends a process whose identity lacks roles, with one message that names them all: it could only refuse. New roles
/// take minutes to be heard of, hence the patience. Outage stance: an outage is no lack; the process goes on.
/// </summary>
public sealed partial class RoleCheck(
    IEnumerable<IReadinessProbe> probes, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<RoleCheck> logger) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <summary>The number of times that the check asks, over five minutes, before it gives up.</summary>
    public const int Tries = 21;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var missing = await AskAsync(stoppingToken).ConfigureAwait(false);
        for (var tries = 1; tries < Tries && missing.Length > 0; tries++)
        {
            LogWaiting(logger, missing);
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(false);
            missing = await AskAsync(stoppingToken).ConfigureAwait(false);
        }

        if (missing.Length > 0)
        {
            LogMissing(logger, missing);
            lifetime.StopApplication();
        }
    }

    /// <returns>The missing roles; empty where none is known to be missing.</returns>
    private async Task<string> AskAsync(CancellationToken cancellation)
    {
        var needs = await Task.WhenAll(probes.Select(async probe =>
        {
            try
            {
                await probe.ProbeAsync(cancellation).ConfigureAwait(false);
                return null;
            }
            catch (RoleMissingException denied)
            {
                return denied.Need;
            }
            catch (IOException)
            {
                return null;
            }
        })).ConfigureAwait(false);
        return string.Join("; ", needs.OfType<string>());
    }

    [LoggerMessage(2101, LogLevel.Warning, "Access is denied; waiting for the identity's roles: {Roles}")]
    private static partial void LogWaiting(ILogger logger, string roles);

    [LoggerMessage(2102, LogLevel.Critical, "Freeway cannot start: its identity lacks these roles: {Roles}")]
    private static partial void LogMissing(ILogger logger, string roles);
}

/// <summary>Says that a service refuses because the identity lacks a role, or is unknown to it.</summary>
/// <param name="role">That would allow it.</param>
/// <param name="on">What the role must be given on.</param>
public sealed class RoleMissingException(string role, string on, Exception cause)
    : IOException($"access is denied: the identity needs the role {role} on {on}", cause)
{
    public string Need => $"{role} on {on}";
}
