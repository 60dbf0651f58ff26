using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Freeway.EmbeddedTables;

/// <summary>
/// One call of the service as the last step of the SDK's own pipeline: what the pipeline does for the real service
/// (retries, time-outs, policies that count or break calls) it thereby does here, without a byte being serialised for
/// the wire.
/// </summary>
public sealed class TableCall : RequestContent
{
    private readonly Func<CancellationToken, ValueTask<TableResponse>> _run;
    private readonly Func<string> _body;

    /// <param name="run">Does the call; may run more than once, each time with the same meaning.</param>
    /// <param name="body">About what the service would be sent.</param>
    internal TableCall(Func<CancellationToken, ValueTask<TableResponse>> run, Func<string>? body = null)
    {
        _run = run;
        _body = body ?? (() => "");
    }

    /// <summary>Does the call and puts its response into the message, as a transport does.</summary>
    public async ValueTask ProcessAsync(HttpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.CancellationToken.ThrowIfCancellationRequested();
        var response = await _run(message.CancellationToken);
        response.ClientRequestId = message.Request.ClientRequestId;
        message.Response = response;
    }

    /// <summary>Writes about what the service would be sent, for those who look into requests.</summary>
    public override void WriteTo(Stream stream, CancellationToken cancellation) =>
        stream.Write(Encoding.UTF8.GetBytes(_body()));

    /// <inheritdoc cref="WriteTo"/>
    public override Task WriteToAsync(Stream stream, CancellationToken cancellation)
    {
        WriteTo(stream, cancellation);
        return Task.CompletedTask;
    }

    public override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    public override void Dispose()
    {
    }
}

/// <summary>The transport of the embedded tables: runs the call that a request carries.</summary>
internal sealed class TableTransport : HttpPipelineTransport
{
    public static TableTransport Shared { get; } = new();

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) =>
        throw new NotSupportedException("Embedded tables are asynchronous only.");

    public override ValueTask ProcessAsync(HttpMessage message) => message.Request.Content is TableCall call
        ? call.ProcessAsync(message)
        : throw new NotSupportedException("A request reached the embedded tables that none of their clients made.");
}

/// <summary>Represents an answer of the embedded tables.</summary>
/// <param name="status">As the service's, e.g. 204 for a write.</param>
internal sealed class TableResponse(int status) : Response
{
    private static readonly Parser Errors = new();

    /// <summary>Gets the reason for which the call was refused; null after success.</summary>
    public TableError? Error { get; init; }

    /// <summary>Gets the index of the action that was refused in a transaction; null where none was.</summary>
    public int? FailedIndex { get; init; }

    /// <summary>The version that was written; null where none was.</summary>
    public long? Version { get; init; }

    /// <summary>Gets what was read or written; its type goes by the kind of call.</summary>
    public object? Value { get; init; }

    public override int Status => status;

    public override string ReasonPhrase => Error?.Code ?? "OK";

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    public static TableResponse Refuse(TableError error, int? index = null) => new(error.Status)
    {
        Error = index is { } at ? error.At(at) : error,
        FailedIndex = index,
    };

    /// <summary>The exception of a response that tells a failure, ours or that of a transport before us.</summary>
    public static RequestFailedException Failure(Response response) => new(response, null, Errors);

    public override void Dispose()
    {
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
        Version is { } version ? [new("ETag", VersionTag.Text(version))] : [];

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = Version is { } version && name.Equals("ETag", StringComparison.OrdinalIgnoreCase)
            ? VersionTag.Text(version)
            : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    private sealed class Parser : RequestFailedDetailsParser
    {
        public override bool TryParse(
            Response response, out ResponseError? error, out IDictionary<string, string>? data)
        {
            var own = response as TableResponse;
            error = own?.Error is { } refused ? new ResponseError(refused.Code, refused.Message) : null;
            // The exception of a failed transaction looks for its index here.
            data = own?.FailedIndex is { } index ? Entity(index) : null;
            return error is not null;
        }

        private static Dictionary<string, string> Entity(int index) =>
            new() { ["FailedEntity"] = index.ToString(System.Globalization.CultureInfo.InvariantCulture) };
    }
}
