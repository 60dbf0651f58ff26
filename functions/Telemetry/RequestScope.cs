using System.Collections;

namespace Freeway.Functions.Telemetry;

/// <summary>What every line says that is logged for a request.</summary>
internal sealed class RequestScope(string id) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?> _pair = new("FreewayRequestId", id);

    public int Count => 1;

    public KeyValuePair<string, object?> this[int index] => index is 0 ? _pair : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return _pair;
    }

    public override string ToString() => $"request {_pair.Value}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
