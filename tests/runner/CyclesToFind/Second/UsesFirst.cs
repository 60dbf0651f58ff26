using Freeway.Runner.Tests.CyclesToFind.First;

namespace Freeway.Runner.Tests.CyclesToFind.Second;

/// <summary>Uses the folder beside this one, which uses this one: a cycle for <see cref="ArchitectureTests"/> to find.</summary>
internal sealed record UsesFirst(UsesSecond? Other);
