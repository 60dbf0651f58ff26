using Freeway.Runner.Tests.CyclesToFind.Second;

namespace Freeway.Runner.Tests.CyclesToFind.First;

/// <summary>Uses the folder beside this one, which uses this one: a cycle for <see cref="ArchitectureTests"/> to find.</summary>
internal sealed record UsesSecond(UsesFirst? Other);
