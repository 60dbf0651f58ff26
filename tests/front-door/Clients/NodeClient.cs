using System.Diagnostics;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Clients;

/// <summary>A client of <c>tests/clients</c>, in a node process of its own that plays one scenario against a gateway.</summary>
public static class NodeClient
{
    // A client that sleeps until the quota is whole again must fail its test, not hold it up.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <param name="script">Of the client, without its folder.</param>
    /// <param name="settings">What the scenario is to do.</param>
    /// <param name="key">The demo org's unless said otherwise.</param>
    /// <returns>What the client saw: always <c>requests</c>, the count of those it sent, and <c>error</c> where one ended it.</returns>
    public static async Task<JsonElement> PlayAsync(TestGateway gateway, string script, string scenario, object? settings = null, string? key = null)
    {
        var folder = await NpmFolder.EnsureAsync(Path.Combine("tests", "clients"));
        var start = new ProcessStartInfo(
            NodeBinary.In(folder),
            [Path.Combine(folder, script), $"{gateway.Host.Url}api/v1", key ?? gateway.ApiKey, scenario, JsonSerializer.Serialize(settings ?? new { })])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            var output = await node.StandardOutput.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            node.ExitCode.ShouldBe(0, await errors);
            using var seen = JsonDocument.Parse(output);
            return seen.RootElement.Clone();
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{script} {scenario} was not over after {Longest}.");
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill();
            }
        }
    }
}
