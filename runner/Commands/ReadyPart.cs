namespace Freeway.Runner.Commands;

/// <summary>What other programs need to use one part that runs alone.</summary>
/// <param name="Connection">The value of the setting that names it: a connection string, or an address.</param>
internal sealed record ReadyPart(string Connection, int Port, int Pid);
