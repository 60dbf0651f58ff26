namespace Refit.Requests;

/// <summary>One request on its way.</summary>
internal sealed record Exchange(HttpClient Client, HttpRequestMessage Request, RefitSettings Settings, CancellationToken Cancellation)
{
    /// <summary>Ends when the headers are there; the body is still to be read.</summary>
    /// <exception cref="ApiRequestException">No answer came, other than by the caller's own cancellation.</exception>
    public async Task<HttpResponseMessage> SendAsync()
    {
        try
        {
            return await Client.SendAsync(Request, HttpCompletionOption.ResponseHeadersRead, Cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !Cancellation.IsCancellationRequested)
        {
            throw new ApiRequestException(Request, Request.Method, Settings, failure);
        }
    }

    public Task<ApiException> RefuseAsync(HttpResponseMessage response) =>
        ApiException.Create(Request, Request.Method, response, Settings);

    public Task<ApiException> MisunderstandAsync(HttpResponseMessage response, Exception cause) =>
        ApiException.Create("An error occured deserializing the response.", Request, Request.Method, response, Settings, cause);
}
