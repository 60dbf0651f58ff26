namespace Freeway.Runner.Commands;

/// <summary>What other programs need to use a running Freeway, or to share its parts.</summary>
/// <param name="ApiKey">Null when nothing was seeded.</param>
/// <param name="AdminKey">Null when the settings give only its hash.</param>
/// <param name="Storage">Connection string of Azurite, where it was started here; embedded tables have none, they are this process's alone.</param>
/// <param name="ServiceBus">Connection string of the broker, where it was started here.</param>
internal sealed record ReadyRun(
    Uri Url, string? ApiKey, string? AdminKey, string UpstreamUrl, int Pid, string? Storage, string? ServiceBus)
{
    public static ReadyRun Of(FreewayHost host) => new(
        host.Url, host.ApiKey, host.AdminKey, host.UpstreamUrl, Environment.ProcessId,
        host.Azurite?.ConnectionString, host.Broker?.ConnectionString);
}
