using System.Text.Json;
using Freeway.Gateway.Upstreams;

namespace Freeway.Adapters.Upstreams;

/// <summary>Asks upstreams about themselves, through the same contract and connections as their requests.</summary>
internal sealed class RefitUpstreamDirectory(UpstreamClients clients, TimeProvider clock) : IUpstreamDirectory
{
    /// <summary>The longest answer that is read, in bytes; the longest list there is has a tenth of it.</summary>
    private const int LongestAnswer = 16 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Task<IReadOnlyList<ListedModel>> ListModelsAsync(Upstream upstream, CancellationToken cancellation) =>
        AskAsync(upstream, upstream.ModelsPath!, UpstreamListings.ReadModels, cancellation);

    public Task<KeyReport> ReadKeyAsync(Upstream upstream, CancellationToken cancellation) =>
        AskAsync(upstream, upstream.KeyPath!, UpstreamListings.ReadKey, cancellation);

    private async Task<T> AskAsync<T>(Upstream upstream, string path, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            using var response = await clients[upstream].GetAsync(path, UpstreamClients.Credentials(upstream), either.Token);
            return response.IsSuccessStatusCode
                ? read(await ReadAsync(response, either.Token))
                : throw new UpstreamUnreachableException($"it answered with status {(int)response.StatusCode}");
        }
        catch (JsonException wrong)
        {
            throw new UpstreamUnreachableException("its answer cannot be read", wrong);
        }
        catch (IOException broken)
        {
            throw new UpstreamUnreachableException("it broke off", broken);
        }
        catch (Exception failure) when (CallFailure.Translate(failure, either.Token) is { } translated)
        {
            throw translated is OperationCanceledException && !cancellation.IsCancellationRequested
                ? new UpstreamUnreachableException("it did not answer in time", failure)
                : translated;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var whole = new MemoryStream();
        var piece = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(piece, cancellation)) > 0;)
        {
            whole.Write(piece, 0, read);
            if (whole.Length > LongestAnswer)
            {
                throw new UpstreamUnreachableException("its answer is too long");
            }
        }

        return whole.GetBuffer().AsMemory(0, (int)whole.Length);
    }
}
