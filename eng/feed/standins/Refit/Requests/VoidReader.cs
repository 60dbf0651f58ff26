namespace Refit.Requests;

internal sealed class VoidReader : ResponseReader
{
    public override async Task ReadAsync(Exchange exchange)
    {
        using var request = exchange.Request;
        using var response = await exchange.Client.SendAsync(request, exchange.Cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await exchange.RefuseAsync(response).ConfigureAwait(false);
        }
    }
}
