namespace Freeway.Gateway.Notices;

/// <summary>
/// Keeps notices until they are delivered, and for a while after that. Outage stance: every call throws
/// <see cref="IOException"/>; each may be repeated.
/// </summary>
public interface INoticeStore
{
    /// <summary>Adds a notice, once for its id.</summary>
    /// <returns>False where it is there already, delivered or not.</returns>
    /// <exception cref="IOException">The store is out of reach; add the same again.</exception>
    Task<bool> AddAsync(Notice notice, CancellationToken cancellation);

    /// <summary>Notices that wait and are due, those that were due first in front.</summary>
    /// <param name="most">1 to 1000.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<Notice>> DueAsync(DateTimeOffset now, int most, CancellationToken cancellation);

    /// <summary>Finds the time at which the next notice that waits is due; null where none waits.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation);

    /// <summary>Changes a notice that is as it was read.</summary>
    /// <returns>The notice with its new mark; null where another was first.</returns>
    /// <exception cref="IOException">The store is out of reach; the change may be in.</exception>
    Task<Notice?> ChangeAsync(Notice notice, CancellationToken cancellation);

    /// <summary>Notices of all webhooks or of one, newest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<NoticePage> ListAsync(NoticeQuery query, CancellationToken cancellation);

    /// <summary>Deletes notices that are older, whatever became of them.</summary>
    /// <exception cref="IOException">The store is out of reach; what is left goes with the next call.</exception>
    Task PurgeAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>The models that could be called with <c>:free</c> when that was looked at last.</summary>
    /// <returns>Null where it was never looked at.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<FreeModels?> ReadFreeModelsAsync(CancellationToken cancellation);

    /// <summary>Keeps the models that can be called with <c>:free</c>.</summary>
    /// <returns>False where another has kept them meanwhile.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<bool> KeepFreeModelsAsync(FreeModels models, CancellationToken cancellation);
}

/// <summary>Selects the notices to read. A null does not narrow.</summary>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Target">The organisation of the webhook; <c>*</c> for the deployment's.</param>
/// <param name="After">The cursor of the page before.</param>
public sealed record NoticeQuery(int Limit, string? Target, NoticeStatus? Status, string? After);

/// <summary>A page of notices.</summary>
/// <param name="Next">The cursor of the next page; null at the end.</param>
public sealed record NoticePage(IReadOnlyList<Notice> Notices, string? Next);

/// <summary>The models that can be called with <c>:free</c>.</summary>
/// <param name="Models">Their ids, sorted.</param>
/// <param name="ETag">The store's mark; null where they were never kept.</param>
public sealed record FreeModels(IReadOnlyList<string> Models, string? ETag);
