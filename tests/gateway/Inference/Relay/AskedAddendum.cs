using System.Text;
using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>An addendum that remembers what it was asked with; it answers later, as one that must look something up.</summary>
internal sealed class AskedAddendum(string json = AskedAddendum.Json)
{
    public const string Json = """{"tier":"free","note":"}\n"}""";

    public List<RelayResult> Asked { get; } = [];

    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(RelayResult soFar)
    {
        Asked.Add(soFar);
        await Task.Yield();
        return Encoding.UTF8.GetBytes(json);
    }
}
