using System.Linq.Expressions;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using Freeway.Bench.Inner;

namespace Freeway.Gateway.Tests.Performance;

/// <summary>
/// Holds each benchmark of the inner pieces to the ceiling that is declared beside it: the bytes that this thread
/// allocates for one operation, which are the same on a busy machine.
/// </summary>
public sealed class AllocationTests
{
    private const int Rounds = 20;

    public static TheoryData<string> Pieces => [.. Benchmarks.Select(method => method.Name)];

    private static IEnumerable<MethodInfo> Benchmarks =>
        typeof(InnerBenchmarks).GetMethods().Where(method => method.IsDefined(typeof(BenchmarkAttribute)));

    [Theory]
    [MemberData(nameof(Pieces))]
    public void Run_Piece_StaysBelowItsCeiling(string piece)
    {
        var method = Benchmarks.Single(one => one.Name == piece);
        var operations = method.GetCustomAttribute<BenchmarkAttribute>()!.OperationsPerInvoke;
        var ceiling = method.GetCustomAttribute<AllocationCeilingAttribute>().ShouldNotBeNull().Bytes;

        (BytesOf(Compile(method)) / operations).ShouldBeLessThan(ceiling);
    }

    /// <summary>A call of the benchmark that allocates nothing of its own, as reflection would.</summary>
    private static Action Compile(MethodInfo method) =>
        Expression.Lambda<Action>(Expression.Call(Expression.Constant(new InnerBenchmarks()), method)).Compile();

    /// <summary>The bytes of one call, once everything is made that is made once.</summary>
    private static long BytesOf(Action act)
    {
        act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            act();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }
}
