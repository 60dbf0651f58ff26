namespace Refit.Requests;

internal sealed class ResultReader<T> : ResponseReader
{
    public override Task ReadAsync(Exchange exchange) => CallAsync(exchange);

    private static async Task<T?> CallAsync(Exchange exchange)
    {
        using var request = exchange.Request;
        var response = await exchange.SendAsync().ConfigureAwait(false);
        var handedOver = false;
        try
        {
            if (!response.IsSuccessStatusCode && typeof(T) != typeof(HttpResponseMessage))
            {
                throw await exchange.RefuseAsync(response).ConfigureAwait(false);
            }

            var result = await ResponseBody<T>.ReadAsync(exchange, response).ConfigureAwait(false);
            handedOver = ResponseBody<T>.KeepsResponse;
            return result;
        }
        finally
        {
            if (!handedOver)
            {
                response.Dispose();
            }
        }
    }
}
