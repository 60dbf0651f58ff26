using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>A list that was asked for and is not read yet: either a page of it, or all that matches.</summary>
/// <param name="page">The page that was asked for, or why there is none.</param>
/// <param name="all">What matches, in pieces that are read as they are asked for; throws <see cref="IOException"/> where storage is out of reach.</param>
public sealed class Listing<T>(Func<CancellationToken, Task<Decision<Page<T>>>> page, Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<T>>> all)
{
    public Task<Decision<Page<T>>> PageAsync(CancellationToken cancellation) => page(cancellation);

    public IAsyncEnumerable<IReadOnlyList<T>> AllAsync(CancellationToken cancellation) => all(cancellation);
}
