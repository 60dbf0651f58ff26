namespace Refit.Requests;

/// <summary>Headers of one request; a later value replaces an earlier one, and null takes it away.</summary>
internal sealed class HeaderSet
{
    private readonly Dictionary<string, string?> _headers = new(StringComparer.OrdinalIgnoreCase);

    public HeaderSet(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Set(colon < 0 ? line.Trim() : line[..colon].Trim(), colon < 0 ? null : line[(colon + 1)..].Trim());
        }
    }

    public void Set(string name, string? value) => _headers[name] = value;

    public void SetAll(IDictionary<string, string>? headers)
    {
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            Set(name, value);
        }
    }

    public void ApplyTo(HttpRequestMessage request)
    {
        foreach (var (name, value) in _headers)
        {
            var clean = value?.ReplaceLineEndings("");
            if (request.Headers.TryAddWithoutValidation(name, clean is null ? [] : [clean]) || request.Content is null)
            {
                continue;
            }

            request.Content.Headers.Remove(name);
            if (clean is not null)
            {
                request.Content.Headers.TryAddWithoutValidation(name, clean);
            }
        }
    }
}
