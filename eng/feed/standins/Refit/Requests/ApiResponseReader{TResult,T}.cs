namespace Refit.Requests;

internal sealed class ApiResponseReader<TResult, T> : ResponseReader
    where TResult : class, IApiResponse
{
    public override Task ReadAsync(Exchange exchange) => CallAsync(exchange);

    private static async Task<TResult> CallAsync(Exchange exchange)
    {
        using var request = exchange.Request;
        HttpResponseMessage? response = null;
        T? content = default;
        ApiExceptionBase? error = null;
        try
        {
            response = await exchange.SendAsync().ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                content = await ResponseBody<T>.ReadAsync(exchange, response).ConfigureAwait(false);
            }
            else
            {
                error = await exchange.RefuseAsync(response).ConfigureAwait(false);
            }
        }
        catch (ApiExceptionBase failure)
        {
            error = failure;
        }

        return (TResult)(object)new ApiResponse<T>(request, response, content, exchange.Settings, error);
    }
}
