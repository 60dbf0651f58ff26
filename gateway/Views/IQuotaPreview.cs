using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Says what would become of a request. It takes nothing.</summary>
public interface IQuotaPreview
{
    /// <param name="endpoint">The one that the request would be sent to, e.g. <c>chat/completions</c>.</param>
    /// <param name="body">As it would be sent.</param>
    /// <param name="overflow">The header <c>x-freeway-overflow</c>, or null.</param>
    /// <returns>A refusal where the request itself is wrong; one that limits, plan or account refuse is a check that says so.</returns>
    Task<Decision<QuotaCheck>> PreviewAsync(Caller caller, string endpoint, ReadOnlyMemory<byte> body, string? overflow, CancellationToken cancellation);
}
