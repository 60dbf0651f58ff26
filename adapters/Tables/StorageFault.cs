using Azure;
using Azure.Data.Tables;
using Azure.Identity;

namespace Freeway.Adapters.Tables;

/// <summary>The one place that names storage errors.</summary>
/// <param name="Index">Which action of a transaction was refused, where the service says it.</param>
/// <param name="Code">The service's own word, e.g. <c>EntityAlreadyExists</c>; null where it said none.</param>
public readonly record struct StorageFault(StorageFaultKind Kind, int? Index, int Status, string? Code)
{
    /// <summary>Gets whether the table itself does not exist.</summary>
    public bool TableIsMissing => Kind is StorageFaultKind.Missing && Code is "TableNotFound";

    /// <summary>Tells a storage fault from a bug and from a caller who left.</summary>
    /// <param name="caller">The token given to the operation: if it has fired, a cancelled operation is no fault of
    ///     storage.</param>
    public static bool Is(Exception exception, CancellationToken caller, out StorageFault fault)
    {
        // With retries the client wraps what it met, one exception for each try.
        var named = (exception is AggregateException { InnerException: { } first } ? first : exception) switch
        {
            TableTransactionFailedException failed => Of(failed.Status, failed.ErrorCode, failed.FailedTransactionActionIndex),
            RequestFailedException failed => Of(failed.Status, failed.ErrorCode, null),
            OperationCanceledException => caller.IsCancellationRequested ? null : Unknown,
            IOException or HttpRequestException or TimeoutException => Unknown,
            // A token that cannot be had now is an outage of storage: the identity is right, its service does not
            // answer.
            AuthenticationFailedException => Unknown,
            // What the client throws when an answer to a transaction was cut short or was none.
            InvalidOperationException or FormatException or System.Text.Json.JsonException when IsFromTheClient(exception) => Unknown,
            _ => (StorageFault?)null,
        };
        fault = named.GetValueOrDefault();
        return named is not null;
    }

    /// <summary>Runs a call and reports any fault as the ports promise it.</summary>
    /// <param name="purpose">What was being done, e.g. <c>read the activity</c>.</param>
    /// <exception cref="StorageUnavailableException">Storage answered with a fault or not at all.</exception>
    public static async Task<T> GuardAsync<T>(string purpose, Func<Task<T>> call, CancellationToken caller)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (Is(error, caller, out var fault))
        {
            throw fault.Outage(purpose, error);
        }
    }

    /// <summary>
    /// Tells whether no connection was made, or no token could be had, so that the service has seen nothing of the
    /// call.
    /// </summary>
    public static bool IsNeverConnected(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationFailedException or HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
                })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Makes the exception that ports promise for an outage; its message holds no address and no row.
    /// </summary>
    public StorageUnavailableException Outage(string purpose, Exception cause) =>
        new($"Storage could not {purpose}: {Kind}{(Status is 0 ? "" : $" {Status} {Code}")}.", cause);

    private static StorageFault? Unknown { get; } = new(StorageFaultKind.Unknown, null, 0, null);

    private static StorageFault Of(int status, string? code, int? index) => new(
        status switch
        {
            409 or 412 => StorageFaultKind.Conflict,
            404 => StorageFaultKind.Missing,
            400 or 413 => StorageFaultKind.Invalid,
            401 or 403 => StorageFaultKind.Denied,
            _ => StorageFaultKind.Unknown,
        },
        index, status, code);

    private static bool IsFromTheClient(Exception exception) =>
        exception.TargetSite?.DeclaringType?.Assembly.GetName().Name is { } assembly
        && (assembly.StartsWith("Azure.", StringComparison.Ordinal) || assembly is "System.Text.Json");
}

/// <summary>Says what a failed storage operation tells about what is stored now.</summary>
public enum StorageFaultKind
{
    /// <summary>Nobody knows: the operation may have been done, may yet be done, or may never be.</summary>
    Unknown,

    /// <summary>
    /// The operation was not done: a row is there already, or is no longer as its ETag says (409, 412).
    /// </summary>
    Conflict,

    /// <summary>The operation was not done: a row or the table is not there (404).</summary>
    Missing,

    /// <summary>The operation was not done, and never will be in this form (400, 413).</summary>
    Invalid,

    /// <summary>The operation was not done, for lack of credentials or rights (401, 403).</summary>
    Denied,
}

/// <summary>Storage could not be reached, or gave no certain answer in the time that was left.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
