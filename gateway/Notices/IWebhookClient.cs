namespace Freeway.Gateway.Notices;

/// <summary>Posts notices to receivers. It follows no redirect and tries once.</summary>
public interface IWebhookClient
{
    /// <summary>Sends one body. It throws nothing but for a caller who leaves.</summary>
    /// <param name="headers">The headers of the signature.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; the receiver may have the body.</exception>
    Task<WebhookResponse> PostAsync(
        Uri url, IReadOnlyDictionary<string, string> headers, string body, CancellationToken cancellation);
}

/// <summary>Describes how a receiver has answered a notice.</summary>
/// <param name="Status">Its HTTP status; null where there was no answer.</param>
/// <param name="Error">Why there was none, in a few words without the address; null where there was one.</param>
public sealed record WebhookResponse(int? Status, string? Error)
{
    /// <summary>Gets whether the receiver has the notice: it answered with a 2xx status.</summary>
    public bool IsAccepted => Status is >= 200 and < 300;

    /// <summary>Gets whether the receiver says that it will never take anything again (410).</summary>
    public bool IsGone => Status is 410;

    /// <summary>Gets a sentence that says what went wrong; null where the receiver has the notice.</summary>
    public string? Problem => IsAccepted ? null
        : Status is >= 300 and < 400 ? $"The receiver answered {Status}; redirects are not followed."
        : Status is { } status ? $"The receiver answered {status}."
        : $"The receiver did not answer: {Error}.";
}
