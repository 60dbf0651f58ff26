using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace Freeway.Tests.Shared;

/// <summary>What Table Storage answers when it is throttled.</summary>
public sealed class BusyResponse(string requestId) : Response
{
    public override int Status => 503;

    public override string ReasonPhrase => "The server is busy.";

    public override Stream? ContentStream { get; set; } =
        new MemoryStream("""{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"The server is busy."}}}"""u8.ToArray());

    public override string ClientRequestId { get; set; } = requestId;

    public override void Dispose()
    {
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => [new("Content-Type", "application/json")];

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? "application/json" : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }
}
