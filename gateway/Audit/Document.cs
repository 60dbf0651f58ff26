namespace Freeway.Gateway.Audit;

/// <summary>One thing that operators administer, as it was read.</summary>
/// <param name="Json">Its content, up to 400,000 characters.</param>
/// <param name="Revision">The id of the change that made it what it is; the <c>ETag</c> that callers see.</param>
/// <param name="Tag">The store's own mark, which guards the next change; null where it was not read from the store.</param>
public sealed record Document(Subject Subject, string Json, string Revision, string? Tag = null);
